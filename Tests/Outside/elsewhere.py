"""A page on an origin of its own, for clients that come from elsewhere (CORS)."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Blank(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><title>a page from elsewhere</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Elsewhere:
    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
