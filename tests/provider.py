"""A language model's provider on loopback: the shape of OpenAI's chat completions.

It gives what a test has put into `script`, one entry a request, and `usual` after that.
"""

import json
import threading
from collections import deque
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 30
TOKENS = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
# Of that many tokens of gpt-4o-mini.
COST = "0.000210"


def reply(text="¿Y tú?", **more):
    """What a model answers as a tutor."""
    return json.dumps({"reply": text, **more}, ensure_ascii=False)


class Provider:
    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.provider = self
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.thread = threading.Thread(
            target=partial(self.server.serve_forever, poll_interval=0.01)
        )
        self.reset()

    def reset(self):
        self.requests, self.script = [], deque()
        self.usual = says()
        self.arrived, self.go_on = threading.Event(), threading.Event()

    def start(self):
        self.thread.start()

    def stop(self):
        self.go_on.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def then(self, *steps):
        """Give these next, one a request."""
        self.script.extend(steps)

    def told(self, number=-1):
        """Return all texts of a request, joined."""
        messages = self.requests[number]["messages"]
        return "\n".join(message["content"] for message in messages)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Say nothing."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        provider = self.server.provider
        provider.requests.append(json.loads(self.rfile.read(length)))
        step = provider.script.popleft() if provider.script else provider.usual
        provider.arrived.set()
        step(self)

    def answer(self, status, body, **headers):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)

    def begin(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def chunk(self, delta=None, finish=None, usage=None):
        choices = [{"index": 0, "delta": delta or {}, "finish_reason": finish}]
        body = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "gpt-4o-mini",
            "choices": [] if usage else choices,
            "usage": usage,
        }
        self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.flush()

    def call(self, text, name="reply"):
        """Stream the arguments of a tool's call in two halves."""
        function = {"name": name, "arguments": ""}
        call = {"index": 0, "id": "c", "type": "function", "function": function}
        self.chunk({"role": "assistant", "content": None, "tool_calls": [call]})
        half = len(text) // 2
        for part in (text[:half], text[half:]):
            self.chunk({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})

    def end(self, finish="tool_calls", usage=TOKENS):
        self.chunk(finish=finish)
        if usage:
            self.chunk(usage=usage)
        self.wfile.write(b"data: [DONE]\n\n")


def says_as_anthropic(text="¿Y tú?"):
    """A whole answer of a tutor, in the shape of Anthropic's messages."""
    arguments = reply(text)
    usage = {"input_tokens": 1000, "output_tokens": 1}
    message = {"id": "m", "type": "message", "role": "assistant", "content": []}
    message |= {"model": "claude-haiku-4-5", "usage": usage, "stop_reason": None}
    tool = {"type": "tool_use", "id": "t", "name": "reply", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": arguments}
    events = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": tool},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 100},
        },
        {"type": "message_stop"},
    ]

    def step(handler):
        handler.begin()
        for event in events:
            text = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
            handler.wfile.write(text.encode())

    return step


def says(text="¿Y tú?", **more):
    """A whole answer of a tutor."""
    return gives(reply(text, **more))


def gives(arguments, *, name="reply", finish="tool_calls", usage=TOKENS):
    """An answer with these arguments, which should be JSON."""

    def step(handler):
        handler.begin()
        handler.call(arguments, name)
        handler.end(finish, usage)

    return step


def summarises(text):
    return gives(json.dumps({"summary": text}), name="summary")


def writes(text):
    """An answer as plain text, without the tool."""

    def step(handler):
        handler.begin()
        handler.chunk({"role": "assistant", "content": text})
        handler.end("stop")

    return step


def refuses(text="I can't help with that."):
    def step(handler):
        handler.begin()
        handler.chunk({"role": "assistant", "refusal": text})
        handler.end("stop")

    return step


def fails(status, **headers):
    return lambda handler: handler.answer(
        status, {"error": {"message": "no", "type": "x", "code": None}}, **headers
    )


def cuts_off():
    """An answer that ends in the middle, as if that were all."""

    def step(handler):
        handler.begin()
        handler.call(reply()[:12])

    return step


def drops():
    """A connection that breaks in the middle of the answer."""

    def step(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.call(reply())
        handler.close_connection = True

    return step


def waits(provider, then=None):
    """An answer that comes once `provider.go_on` is set."""

    def step(handler):
        assert provider.go_on.wait(PATIENCE)
        (then or says())(handler)

    return step


def drips(provider):
    """An answer that begins, and whose end comes once `provider.go_on` is set."""

    def step(handler):
        handler.begin()
        text = reply("Me gusta mucho el pan.")
        handler.call(text[:24])
        assert provider.go_on.wait(PATIENCE)
        handler.chunk(
            {"tool_calls": [{"index": 0, "function": {"arguments": text[24:]}}]}
        )
        handler.end()

    return step
