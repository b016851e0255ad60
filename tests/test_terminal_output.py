"""What the command line writes, wherever that goes: another encoding, a closed pipe, a full disk, a dumb terminal."""

import io
import os
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from vaedemo import terminal
from vaedemo.config import RunConfig
from vaedemo.settings import REPOSITORY
from vaedemo.terminal import ProgressBar
from vaedemo.training import store
from vaedemo.training.progress import Progress

CONFIG = RunConfig(dataset="ring", hidden=(6,), epochs=2, train_size=100, beta=2)
TRAIN = ["train", "--dataset", "ring", "--hidden", "6", "--epochs", "2", "--train-size", "100", "--beta", "2"]
SWEEP = ["sweep", *TRAIN[1:-1], "1,2"]
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def start(*arguments, variables=None, **keywords):
    silent = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, "-m", "vaedemo", *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, env=silent | (variables or {}), **keywords)


def ended(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def one_sentence(err):
    return err.count(b"\n") == 1 and err.endswith(b".\n") and b"Traceback" not in err


@pytest.mark.parametrize(
    ("variables", "encoding"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii"),
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
    ],
    ids=lambda value: str(value),
)
def test_a_training_is_told_in_any_encoding(variables, encoding):
    code, out, err = ended(start(*TRAIN, variables=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    lines = out.decode(encoding).splitlines()
    between = "·" if encoding == "cp1252" else "-"
    assert lines[0] == f" {between} ".join(["ring", "VAE", "mlp 6", "2 latent axes", "beta 2"])
    assert code == 0 and lines[-1].split() == ["folder", str(store.folder_of(CONFIG.digest))]
    assert err.decode(encoding).count("##### epoch") == 1 or "##########] epoch 2/2" in err.decode(encoding)
    assert b"\x1b" not in out + err and b"\r" not in out + err, "no control characters where there is no terminal"


@needs_full
@pytest.mark.parametrize(
    ("arguments", "unbuffered"),
    [
        (["train", "--help"], ""),
        (["train", "--help"], "1"),
        (["info"], ""),
        (["checkpoints"], ""),
        (TRAIN, ""),
        (SWEEP, "1"),
    ],
    ids=lambda value: " ".join(value[:2]),
)
def test_output_to_a_full_disk_is_one_sentence_and_code_1(arguments, unbuffered, shared_cache):
    with open(FULL, "wb") as full:
        variables = {"PYTHONUNBUFFERED": unbuffered}
        code, _, err = ended(start(*arguments, variables=variables, stdout=full, stderr=subprocess.PIPE))
    *progress, last = err.decode().splitlines()
    assert code == 1 and last == "The output could not be written: No space left on device."
    assert all("epoch" in line for line in progress)
    if arguments in (TRAIN, SWEEP):
        assert store.folder_of(CONFIG.digest) is not None, "the training itself is kept"


@needs_full
def test_progress_to_a_full_disk_does_not_end_the_training():
    with open(FULL, "wb") as full:
        code, out, _ = ended(start(*TRAIN, stdout=subprocess.PIPE, stderr=full))
    assert code == 0 and b"test_negative_elbo" in out
    with open(FULL, "wb") as full:
        assert ended(start("train", "--beta", "nan", stdout=subprocess.PIPE, stderr=full))[0] == 2


@pytest.mark.parametrize(
    ("arguments", "unbuffered"), [(["train", "--help"], ""), (["train", "--help"], "1"), (["checkpoints"], "")]
)
def test_a_reader_that_is_gone_ends_the_command_in_silence(arguments, unbuffered):
    reader, writer = os.pipe()
    os.close(reader)
    process = start(*arguments, variables={"PYTHONUNBUFFERED": unbuffered}, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert ended(process) == (141, None, b"")


def test_closed_streams_are_no_trouble():
    def close():
        for number in range(3):
            os.close(number)

    assert ended(start(*TRAIN, preexec_fn=close))[0] == 0
    assert store.folder_of(CONFIG.digest) is not None


def test_ctrl_c_ends_a_training_with_a_sentence_and_leaves_nothing_half_written(own_settings):
    long = [*TRAIN, "--epochs", "10000", "--train-size", "0"]

    def heed():
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what a shell starts in the background ignores it

    process = start(*long, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed)
    assert b"epoch 1/10000" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out) == (130, b"") and err.splitlines()[-1] == b"Stopped." and b"Traceback" not in err
    kept = [path for path in own_settings.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert kept == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become a user that nobody knows")
def test_a_user_without_a_home_is_told_of_the_cache(tmp_path):
    def nobody():
        os.setresuid(54_321, 0, 0)  # the real user is unknown; the effective one may read this environment's files

    def run(command, **variables):
        environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "VAEDEMO_CACHE")}
        return subprocess.run(
            [sys.executable, *command],
            cwd=REPOSITORY,
            env=environment | variables,
            preexec_fn=nobody,
            capture_output=True,
            timeout=120,
        )

    for command in (["-m", "vaedemo", "info"], ["-m", "vaedemo", *TRAIN], ["streamlit_app.py"]):
        done = run(command)
        assert done.returncode == 2 and b"VAEDEMO_CACHE" in done.stderr and one_sentence(done.stderr)
    done = run(["-m", "vaedemo", *TRAIN], VAEDEMO_CACHE=str(tmp_path / "chosen"))
    assert done.returncode == 0 and str(tmp_path / "chosen").encode() in done.stdout


def test_symbols_are_spelled():
    spelled = {"β": "beta", "Σ": "Sigma", "σ²": "sigma2", "−ELBO": "-ELBO", "q‖p": "q||p", "x̂": "x^", "½": "1/2"}
    spelled |= {"Fréchet": "Frechet", "λ₁": "lambda1", "∞": "inf", "☃": "\\u2603", "\udcff": "\\udcff", "→": "->"}
    assert {text: text.encode("ascii", terminal.SPELLED).decode() for text in spelled} == spelled
    assert "βé−☃".encode("cp1252", terminal.SPELLED).decode("cp1252") == "betaé-\\u2603"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", terminal.SPELLED)


def test_the_print_that_spells_is_otherwise_python_s():
    for arguments, keywords in (
        ((), {}),
        (("σ", 1), {}),
        (("a", None), {"sep": "−", "end": ""}),
        (([1],), {"flush": True}),
    ):
        expected, output = io.StringIO(), io.StringIO()
        print(*arguments, **keywords, file=expected)
        terminal.print(*arguments, **keywords, file=output)
        with redirect_stdout(io.StringIO()) as redirected:
            terminal.print(*arguments, **keywords)
        assert output.getvalue() == redirected.getvalue() == expected.getvalue()
    content = io.BytesIO()
    narrow = io.TextIOWrapper(content, encoding="ascii", newline="\n")
    terminal.print("σ:", 1, file=narrow, flush=True)
    assert content.getvalue() == b"sigma: 1\n"


def test_a_refusal_of_the_file_system_is_one_sentence(capfd):
    program = "from vaedemo import terminal\nimport sys\nsys.exit(terminal.run(lambda: open('/no/such/folder')))"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, timeout=60)
    assert done.returncode == 1 and one_sentence(done.stderr)
    assert done.stderr == b"The command could not be completed: No such file or directory ('/no/such/folder').\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def report(step, row=None):
    return Progress(("0" * 16,), step, 10, 1, 2, 1.0, 1234.0, None if row is None else (row,), list)


def told(stream):
    bar = ProgressBar(stream)
    bar.download(5_000_000, 10_000_000)
    bar.training(report(5))
    bar.training(report(10, {"test_negative_elbo": 12.5, "test_reconstruction": 12.0}))
    bar.close()
    bar.close()
    return stream.getvalue()


def test_on_a_terminal_one_line_is_rewritten(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    shown = told(Terminal())
    assert shown.count("\r\x1b[K") == 3 and shown.count("\n") == 1 and shown.endswith("\n")
    assert "downloading 5 of 10 MB" in shown and "1,234 images/s" in shown and "test loss 12.50 nats" in shown


def test_on_a_dumb_terminal_nothing_is_rewritten(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    shown = told(Terminal())
    assert shown.count("\n") == 1 and "\x1b" not in shown and "\r" not in shown and "test loss 12.50 nats" in shown


def test_elsewhere_only_finished_epochs_are_written():
    stream = io.StringIO()
    bar = ProgressBar(stream)
    bar.download(5, 10)
    bar.training(report(5))
    bar.training(report(10, {"test_negative_elbo": float("nan"), "test_reconstruction": 7.0}))
    bar.close()
    assert stream.getvalue().count("\n") == 1 and "test loss 7.00 nats" in stream.getvalue()
