"""A suite as somebody meets it who has nothing of ours: its address, tokens, and what reflection tells."""

import struct
import time
import zlib

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

# How long a call may take, and how long something that nobody promises an instant for, in seconds.
CALL = 10
PATIENCE = 30
# The longest that an answer of the protection check may be valid, in seconds.
LONGEST = 5


class Suite:
    """Calls every method by its name, with JSON, as each of the parties."""

    def __init__(self, address, tokens):
        self.channel = grpc.insecure_channel(address)
        self.tokens = tokens
        self.pool = DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))

    def call(self, party, method, **request):
        """The reply to a request, as JSON with the contract's own names."""
        service, name = f"holdfast.{method}".split("/")
        described = self.pool.FindServiceByName(service).FindMethodByName(name)
        asked = message_factory.GetMessageClass(described.input_type)
        told = message_factory.GetMessageClass(described.output_type)
        # Without anything that reads the reply: its seal is about its bytes.
        send = self.channel.unary_unary(f"/{service}/{name}", asked.SerializeToString)
        metadata = [("authorization", f"Bearer {self.tokens[party]}")]
        reply = send(json_format.ParseDict(request, asked()), timeout=CALL, metadata=metadata)
        if "seal" in told.DESCRIPTOR.fields_by_name:
            check_seal(told, reply)
        return json_format.MessageToDict(told.FromString(reply), preserving_proto_field_name=True)

    def refused(self, code, party, method, **request):
        """A call that has to be refused with this code."""
        try:
            reply = self.call(party, method, **request)
        except grpc.RpcError as fault:
            assert fault.code() == code, f"{method}: {fault.code()}, not {code}: {fault.details()}"
            return
        raise AssertionError(f"{method} is not refused with {code}: {reply}")


def is_sealed(reply):
    """Whether the bytes of a reply end in the seal of those before it, as the contract describes it."""
    return len(reply) > 5 and reply[-5:] == b"\x7d" + struct.pack("<I", zlib.crc32(reply[:-5]))


def check_seal(told, reply):
    """A reply is sealed, no part of it is, and whoever has no bytes comes to the same by encoding it again."""
    assert is_sealed(reply), f"not sealed: {reply.hex()}"
    assert not any(is_sealed(reply[:length]) for length in range(len(reply))), f"sealed though cut: {reply.hex()}"
    message = told.FromString(reply)
    seal = message.seal
    message.ClearField("seal")
    again = message.SerializeToString(deterministic=True)
    assert again == reply[:-5] and seal == zlib.crc32(again), f"encoded in another way: {reply.hex()}"


def patiently(look, wanted):
    """What `look` gives, once it is as `wanted`; services hand over to each other by themselves, and soon."""
    until = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if wanted(seen):
            return seen
        assert time.monotonic() < until, f"not within {PATIENCE} seconds; seen last: {seen}"
        time.sleep(0.05)


def is_permitted(asked, answer):
    """Whether an answer permits what was asked, by the words of the contract alone."""
    if answer.get("decision") != "DECISION_PERMITTED":
        return False
    assert answer["decision_id"], f"a permission is journalled: {answer}"
    assert 0 < float(answer["valid_for"].removesuffix("s")) <= LONGEST, f"a permission is short: {answer}"
    assert answer["question"] == asked, f"a permission is for what was asked: {answer}"
    assert "reasons" not in answer, f"a permission has nothing against it: {answer}"
    return True
