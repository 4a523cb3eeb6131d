// uWebSockets behind the C interface of the library that the PyPI package socketify carries: /echo and /broadcast.
//
//   uws PORT [CERTIFICATE KEY]
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

// The library comes without a header; what of its interface is used here, after socketify's native.py.
typedef struct {
  const char *key, *certificate, *passphrase, *parameters, *authorities, *ciphers;
  int low_memory;
} tls_options;

typedef struct {
  int compression;
  unsigned max_payload;
  unsigned short idle_timeout;
  unsigned max_backpressure;
  bool close_on_backpressure, reset_idle_timeout, sends_pings;
  unsigned short max_lifetime;
  void (*upgrade)(void *, void *, void *, void *);
  void (*open)(void *, void *);
  void (*message)(void *, const char *, size_t, int, void *);
  void (*drain)(void *, void *);
  void (*ping)(void *, const char *, size_t, void *);
  void (*pong)(void *, const char *, size_t, void *);
  void (*close)(void *, int, const char *, size_t, void *);
  void (*subscription)(void *, const char *, size_t, int, int, void *);
} behaviour;

typedef struct {
  int port;
  const char *host;
  int options;
} address;

void *uws_get_loop_with_native(void *);
void *uws_create_app(int tls, tls_options);
void uws_ws(int tls, void *app, const char *path, behaviour, void *);
void uws_app_listen_with_config(int tls, void *app, address, void (*)(void *, address, void *), void *);
int uws_ws_send(int tls, void *socket, const char *, size_t, int opcode);
bool uws_ws_subscribe(int tls, void *socket, const char *topic, size_t);
bool uws_publish(int tls, void *app, const char *topic, size_t, const char *, size_t, int opcode, bool compress);

static void *app;
static int tls;

static void echo(void *socket, const char *bytes, size_t count, int opcode, void *unused) {
  uws_ws_send(tls, socket, bytes, count, opcode);
}
static void publish(void *socket, const char *bytes, size_t count, int opcode, void *unused) {
  uws_publish(tls, app, "all", 3, bytes, count, opcode, false);
}
static void subscribe(void *socket, void *unused) { uws_ws_subscribe(tls, socket, "all", 3); }
static void ignore(void *socket, void *unused) {}
static void ignore_control(void *socket, const char *bytes, size_t count, void *unused) {}
static void ignore_close(void *socket, int code, const char *bytes, size_t count, void *unused) {}
static void listening(void *listener, address at, void *unused) {
  if (!listener) exit(1);
}

int main(int count, char **arguments) {
  if (count != 2 && count != 4) return 2;
  uws_get_loop_with_native(uv_default_loop());
  tls_options certificate = {0};
  if (count == 4) {
    tls = 1;
    certificate.certificate = arguments[2];
    certificate.key = arguments[3];
  }
  app = uws_create_app(tls, certificate);
  behaviour b = {
      .max_payload = 16 << 20, .max_backpressure = 1 << 20, .close_on_backpressure = true, .message = echo,
      .open = ignore, .drain = ignore, .ping = ignore_control, .pong = ignore_control, .close = ignore_close};
  uws_ws(tls, app, "/echo", b, NULL);
  b.open = subscribe;
  b.message = publish;
  uws_ws(tls, app, "/broadcast", b, NULL);
  uws_app_listen_with_config(tls, app, (address){atoi(arguments[1]), "127.0.0.1", 0}, listening, NULL);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
