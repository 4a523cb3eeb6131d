"""What a client may send: one argument each, with a name for the test's id."""

KINDS = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "minus zero": -0.0,
    "a fraction": 1.5,
    "1e21": 1e21,
    "the largest exact integer": 9_007_199_254_740_991,
    "a negative number": -42,
    "an empty string": "",
    "text": "hello",
    "escapes": 'quote " backslash \\ slash / \b\f\n\r\t\u0000\u001f\u007f',
    "Korean": "봉수대에 불이 올랐다",
    "emoji": "🔥👩‍👩‍👧‍👦🇰🇷",
    "line separators": "a\u2028b\u2029c",
    "a lone high surrogate": "\ud800",
    "a lone low surrogate": "x\udc00y",
    "an empty array": [],
    "an empty object": {},
    "nested": {"a": [1, {"b": [None, {"c": "깊이"}]}], "": [[[]]], "키": {"🔥": False}},
    "a placeholder's look-alike": {"_placeholder": False, "num": 0},
    "bytes": b"\x00\x01\x02\xff",
    "no bytes": b"",
    "nested bytes": {"a": [b"\x01", {"b": b"\xfe\xff"}], "c": "text", "d": b""},
    "five attachments": [bytes([number]) for number in range(5)],
}

LARGE = {
    "500 kB of text": "봉수 relay " * 33_334,
    "500 kB of bytes": bytes(range(256)) * 1_954,
}
