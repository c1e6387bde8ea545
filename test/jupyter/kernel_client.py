"""A Jupyter client for the tests: takes commands on stdin and reports messages on stdout, one JSON object a line."""

import json
import os
import queue
import sys

import zmq
from jupyter_client.manager import KernelManager

STDIN, STDOUT, STDERR = 0, 1, 2

# The kernel inherits stdout, and Node makes what it inherits non-blocking: reports go through a copy of our own.
reports = open(os.dup(STDOUT), "w")
os.dup2(STDERR, STDOUT)


def report(**details):
    print(json.dumps(details, default=str), file=reports, flush=True)


class Client:
    def __init__(self, folder):
        self.manager = KernelManager(kernel_name="xnorlab")
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.requests = {}
        self.input = b""
        report(event="ready", pid=self.manager.provisioner.pid)

    def serve(self):
        poller = zmq.Poller()
        channels = {"iopub": self.client.iopub_channel, "shell": self.client.shell_channel,
                    "control": self.client.control_channel}
        for channel in channels.values():
            poller.register(channel.socket, zmq.POLLIN)
        poller.register(STDIN, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            for name, channel in channels.items():
                if channel.socket in ready:
                    self.forward(name, channel)
            if STDIN in ready and not self.read_commands():
                return

    def forward(self, name, channel):
        while True:
            try:
                message = channel.get_msg(timeout=0)
            except queue.Empty:
                return
            request = self.requests.get(message["parent_header"].get("msg_id"))
            if request is not None:
                report(event=name, id=request, type=message["msg_type"], content=message["content"])

    def read_commands(self):
        data = os.read(STDIN, 1 << 16)
        self.input += data
        *lines, self.input = self.input.split(b"\n")
        for line in lines:
            self.run(json.loads(line))
        return bool(data)

    def run(self, command):
        operation = command["op"]
        if operation == "interrupt":
            self.send(command, "interrupt_request", {}, self.client.control_channel)
        elif operation == "execute":
            self.send(command, "execute_request", {"code": command["code"], "silent": False,
                                                   "store_history": True, "user_expressions": {},
                                                   "allow_stdin": False,
                                                   "stop_on_error": command["stopOnError"]})
        else:
            self.send(command, f"{operation}_request", {"code": command["code"],
                                                        "cursor_pos": command["position"], "detail_level": 0})

    def send(self, command, kind, content, channel=None):
        message = self.client.session.msg(kind, content, metadata=command.get("metadata", {}))
        self.requests[message["header"]["msg_id"]] = command["id"]
        (channel or self.client.shell_channel).send(message)


client = Client(sys.argv[1])
try:
    client.serve()
finally:
    client.client.stop_channels()
    client.manager.shutdown_kernel(now=True)
