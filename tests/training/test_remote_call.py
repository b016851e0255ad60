"""The call by name: it finds functions of this package, nothing else, and costs the scheduler no torch."""

import subprocess
import sys

import pytest

from vaedemo.training import remote_call, task


def test_it_calls_the_function_that_is_named():
    assert remote_call.call_by_name("vaedemo.rules:shorten", "x" * 100) == "'" + "x" * 58 + "…"


@pytest.mark.parametrize("name", ["os:system", "vaedemo", "vaedemo_other.module:function", ""])
def test_other_packages_are_refused(name):
    with pytest.raises(ValueError, match="Only functions of vaedemo"):
        remote_call.call_by_name(name, "true")


def test_the_task_is_the_one_that_the_service_names():
    module, function = task.TASK.split(":")
    assert (task.train_bytes.__module__, task.train_bytes.__qualname__) == (module, function)


def test_reading_a_call_as_the_scheduler_does_does_not_import_torch():
    script = (
        "import sys; from distributed.protocol import deserialize, serialize; "
        "from vaedemo.training.remote_call import call_by_name; "
        "sent = call_by_name, 'vaedemo.training.task:train_bytes'; assert deserialize(*serialize(sent)) == sent; "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
