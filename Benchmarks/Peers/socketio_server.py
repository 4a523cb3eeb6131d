"""python-socketio on aiohttp, with the two events that the load generator knows.

usage: socketio_server.py PORT
"""

import sys

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp", max_http_buffer_size=16 << 20)


@server.event
async def message(sid, *arguments):
    await server.emit("message-back", arguments, to=sid)


@server.event
async def relay(sid, options, event, *arguments):
    await server.emit(event, arguments, skip_sid=None if options.get("self") else sid)


app = web.Application()
server.attach(app)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, backlog=4096)
