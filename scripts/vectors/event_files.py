"""Known answers of TensorBoard's event files, as tensorboard itself writes them: its protocol buffers, in its records.

    python3 scripts/vectors/event_files.py > apps/coordinator/test/metrics-out/event-files.json

Needs `pip install tensorboard`; made with version 2.21.0.
"""

import io
import json

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

BEGUN = 1_760_000_000_123
CASES = [
    {"name": "no scalars", "scalars": []},
    {
        "name": "the model before, rounds, and numbers that float32 rounds",
        "scalars": [
            {"tag": "test/accuracy", "value": 0.1, "step": 0, "at": BEGUN},
            {"tag": "test/loss", "value": 2.302585092994046, "step": 0, "at": BEGUN},
            {"tag": "test/accuracy", "value": 0.8125, "step": 1, "at": BEGUN + 61_001},
            {"tag": "round/abandoned", "value": 0, "step": 127, "at": BEGUN + 62_000},
            {"tag": "round/abandoned", "value": 1, "step": 128, "at": BEGUN + 62_000},
            {"tag": "update/norm", "value": 1e-12, "step": 16_384, "at": BEGUN + 63_999},
            {"tag": "round/upload_bytes", "value": 123_456_789, "step": 100_000, "at": BEGUN + 64_000},
            {"tag": "privacy/epsilon", "value": -3.5, "step": 4_294_967_295, "at": BEGUN + 65_000},
        ],
    },
    {"name": "a long tag that is not ASCII", "scalars": [{"tag": "Größe/" + "x" * 200, "value": 1, "step": 3, "at": BEGUN}]},
]


class Kept(io.BytesIO):
    def close(self):
        pass


def file_of(scalars):
    kept = Kept()
    writer = RecordWriter(kept)
    writer.write(Event(wall_time=BEGUN / 1000, file_version="brain.Event:2").SerializeToString(deterministic=True))
    for scalar in scalars:
        value = Summary.Value(tag=scalar["tag"], simple_value=scalar["value"])
        event = Event(wall_time=scalar["at"] / 1000, step=scalar["step"], summary=Summary(value=[value]))
        writer.write(event.SerializeToString(deterministic=True))
    writer.flush()
    return kept.getvalue().hex()


note = "event files of scalars that were begun at `begun`, as tensorboard writes them; times in milliseconds since 1970"
cases = [{**case, "file": file_of(case["scalars"])} for case in CASES]
print(json.dumps({"note": note, "begun": BEGUN, "cases": cases}, indent=1, ensure_ascii=False))
