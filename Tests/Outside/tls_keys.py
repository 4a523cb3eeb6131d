"""What TLS 1.3 does with a secret, by OpenSSL's libcrypto: the standard library has no cipher."""

import ctypes
import ctypes.util
import hashlib
import hmac

TAG_BYTES = 16
# EVP_CTRL_AEAD_GET_TAG, EVP_CTRL_AEAD_SET_TAG
GET_TAG, SET_TAG = 16, 17

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for name in ("EVP_aes_128_gcm", "EVP_CIPHER_CTX_new"):
    getattr(crypto, name).restype = ctypes.c_void_p


def gcm(key, nonce, header, data, tag=None):
    """AES-128-GCM: the ciphertext and its tag, or with a tag the plaintext, `None` when it is forged."""
    context, count = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new()), ctypes.c_int()
    output, made = ctypes.create_string_buffer(len(data) + 1), ctypes.create_string_buffer(tag or b"", TAG_BYTES)
    crypto.EVP_CipherInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_128_gcm()), None, key, nonce, int(not tag))
    crypto.EVP_CipherUpdate(context, None, ctypes.byref(count), header, len(header))
    if data:
        crypto.EVP_CipherUpdate(context, output, ctypes.byref(count), data, len(data))
    if tag:
        crypto.EVP_CIPHER_CTX_ctrl(context, SET_TAG, TAG_BYTES, made)
    done = crypto.EVP_CipherFinal_ex(context, None, ctypes.byref(count)) > 0
    if not tag:
        crypto.EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_BYTES, made)
    crypto.EVP_CIPHER_CTX_free(context)
    return (output.raw[: len(data)] + (b"" if tag else made.raw)) if done else None


def expand(secret, label, count):
    """HKDF-Expand-Label with SHA-256 and no context (RFC 8446 §7.1), up to one hash long."""
    text = b"tls13 " + label
    info = count.to_bytes(2, "big") + bytes([len(text)]) + text + b"\0"
    return hmac.digest(secret, info + b"\x01", hashlib.sha256)[:count]
