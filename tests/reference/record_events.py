"""Records events.tfevents: what TensorBoard's own classes (2.21) write for two evaluations at fixed times."""
import pathlib

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

LAYERS = [("gradient_norm/main.1", 1.5), ("gradient_norm/main.2", 0.25)]
ROWS = [
    (8, 1000.25, [("loss/train", 1.0412), ("accuracy/train", 0.5), ("loss/test", 0.9377), ("accuracy/test", 0.639),
                  ("learning_rate", 0.003), ("gradient_norm", 1.9), *LAYERS]),
    (1200, 1000.5, [("loss/train", float("inf")), ("accuracy/train", 0.25), ("loss/test", 0.5), ("accuracy/test", 1.0),
                    ("learning_rate", 0.0015), ("gradient_norm", 300.0), *LAYERS]),
]

with open(pathlib.Path(__file__).parent / "events.tfevents", "wb") as file:
    writer = RecordWriter(file)
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    writer.write(event_pb2.Event(wall_time=1000.0, file_version="brain.Event:2").SerializeToString())
    writer.write(event_pb2.Event(wall_time=1000.0, step=1, session_log=start).SerializeToString())
    for step, time, values in ROWS:
        summary = summary_pb2.Summary(
            value=[summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values])
        writer.write(event_pb2.Event(wall_time=time, step=step, summary=summary).SerializeToString())
