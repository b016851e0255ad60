"""The command line: what it prints, and the one line and exit code for what it refuses."""

import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import torch
from PIL import Image

from vaedemo import datasets
from vaedemo.__main__ import main
from vaedemo.config import RunConfig
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.settings import REPOSITORY
from vaedemo.training import engine, files, shipped_runs, store

SMALL = ["--dataset", "ring", "--hidden", "6", "--epochs", "2", "--train-size", "100"]
SMALL_CONFIG = RunConfig(dataset="ring", hidden=(6,), epochs=2, train_size=100)


def run_main(capsys, *arguments):
    """(exit code, stdout, stderr) of a command in this process."""
    try:
        code = main(list(arguments))
    except SystemExit as ended:
        code = ended.code
    return code, *capsys.readouterr()


def run_process(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "vaedemo", *arguments], cwd=REPOSITORY, capture_output=True, text=True, timeout=120
    )


def test_train_prints_the_metrics_and_the_folder(capsys):
    code, out, err = run_main(capsys, "train", *SMALL)
    assert code == 0
    run, folder = store.find(SMALL_CONFIG.digest), store.folder_of(SMALL_CONFIG.digest)
    lines = dict(line.split(maxsplit=1) for line in out.splitlines()[1:])
    assert out.splitlines()[0] == SMALL_CONFIG.title and lines["folder"] == str(folder)
    assert lines["test_negative_elbo"] == f"{run.metrics['test_negative_elbo']:.4f}" and lines["status"] == "finished"
    assert lines.keys() == {*run.metrics, "folder"}
    assert [line.split("epoch ")[1].split()[0] for line in err.splitlines()] == ["1/2", "2/2"]
    again, out_again, err_again = run_main(capsys, "train", *SMALL)
    assert (again, out_again, err_again) == (0, out, ""), "the stored run, with the same figures"


def test_a_process_of_its_own_does_the_same():
    done = run_process("train", *SMALL)
    assert done.returncode == 0 and "test_negative_elbo" in done.stdout
    assert store.folder_of(SMALL_CONFIG.digest) is not None
    assert "Traceback" not in done.stderr and "Warning" not in done.stderr


def test_wrong_use_of_a_process_is_one_line_and_code_2():
    done = run_process("train", "--beta", "nan")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "beta accepts a number from 0 to 1e+06, got 'nan'.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--dataset", "cifar"], "dataset accepts one of digits, mnist"),
        (["train", "--beta", "-1"], "beta accepts a number from 0 to 1e+06, got -1.0."),
        (["train", "--beta=-inf"], "beta accepts a number"),
        (["train", "--latent-dim", "1000000000"], "latent_dim accepts a whole number from 1 to 1,024"),
        (["train", "--hidden", "0"], "hidden accepts up to 6 widths"),
        (["train", "--hidden", ""], "hidden accepts at least one width when the network is mlp"),
        (["train", "--learning-rate", "inf"], "learning_rate accepts a number above 0 to 10"),
        (["train", "--epochs", "9" * 5000], "epochs accepts a whole number from 1 to 10,000"),
        (["train", "--start-from", "0123456789abcdef"], "start_from accepts the digest of a run that is stored here"),
        (["train", "--dataset", "ring", "--train-size", "50000"], "train_size accepts 0 for all, or at most the 4,000"),
        (["train", "--gamma", "1"], "Unrecognized arguments: --gamma 1."),
        (["train", "--beta"], "Argument --beta: expected one argument."),
        (["fly"], "Argument command: invalid choice: 'fly'"),
        ([], "The following arguments are required: command."),
        (["checkpoints", "--make", "mnist-3d"], "a shipped run's name accepts one of mnist-2d"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line_on_stderr_and_code_2(capsys, arguments, says):
    code, out, err = run_main(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(says) and err.count("\n") == 1 and len(err) < 400


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["train", "--hiden", "5"], "--hidden"),
        (["train", "--epoch", "5"], "--epochs"),
        (["sweep", "--betta=0.1,1"], "--beta"),
        (["train", "--learning_rate", "1"], "--learning-rate"),
    ],
    ids=str,
)
def test_an_option_that_nearly_exists_is_asked_about(capsys, arguments, meant):
    code, out, err = run_main(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and f"Was {meant} meant?" in err


@pytest.mark.parametrize("command", ["train", "sweep"])
def test_help_names_for_each_option_what_its_rule_accepts_and_the_default(capsys, command):
    code, out, err = run_main(capsys, command, "--help")
    told = " ".join(out.split())
    assert (code, err) == (0, "")
    for entry in fields(RunConfig):
        flag = "--" + entry.name.replace("_", "-")
        with pytest.raises(ConfigError) as refused:
            entry.metadata["rule"](entry.name, object())
        assert f"{flag} … {refused.value.accepts}" in told, "the words of the error are those of the help"
        words = told.split(f"{flag} … ")[1].split(" --")[0]
        assert "; default " in words and (
            entry.default in (None, "", (400,), ()) or f"default {entry.default}" in words
        )
    assert "hidden … up to 6 widths" in told and "default 400 for mlp, 32,64 for conv, none for linear" in told
    assert "The caps on epochs, parameters, memory and time bind the app alone" in told


def test_the_app_s_caps_do_not_bind_the_command_line_and_info_says_so(capsys, monkeypatch):
    monkeypatch.setenv("VAEDEMO_MAX_EPOCHS", "1")
    monkeypatch.setenv("VAEDEMO_MAX_PARAMETERS", "1")
    assert run_main(capsys, "train", *SMALL)[0] == 0
    _, out, _ = run_main(capsys, "info")
    (line,) = [line for line in out.splitlines() if line.startswith("app's caps ")]
    assert "1 epochs, 1 parameters" in line and "bind the app alone" in line


def test_a_setting_that_cannot_be_read_is_code_2(capsys, monkeypatch):
    monkeypatch.setenv("VAEDEMO_DEVICE", "abacus")
    code, _, err = run_main(capsys, "train", *SMALL)
    assert code == 2 and err.startswith("VAEDEMO_DEVICE accepts a device torch can use") and err.count("\n") == 1
    monkeypatch.setenv("VAEDEMO_THREADS", "many")
    code, _, err = run_main(capsys, "info")
    assert code == 2 and err.startswith("VAEDEMO_THREADS accepts a whole number from 0") and err.count("\n") == 1


def test_data_that_cannot_be_had_are_code_1(capsys, monkeypatch):
    def offline(*_, **__):
        raise DataUnavailable('Not in the folder /data; use dataset="digits".')

    monkeypatch.setattr(engine.datasets, "load", offline)
    for arguments in (["train", "--dataset", "mnist"], ["checkpoints", "--make", "ring-2d"]):
        code, out, err = run_main(capsys, *arguments)
        assert (code, out, err) == (1, "", 'Not in the folder /data; use dataset="digits".\n')


def test_a_diverged_training_is_code_1_and_says_why(capsys):
    arguments = ["--hidden", "64,64,64,64,64,64", "--learning-rate", "10", "--noise-variance", "1e-6"]
    code, out, err = run_main(capsys, "train", "--dataset", "ring", "--epochs", "2", *arguments)
    assert code == 1 and "diverged_at_step" in out
    assert "Training diverged at step 2: with learning rate 10" in err and "Traceback" not in err


def test_an_unwritable_cache_still_trains_and_says_so_once(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "file" / "cache"))
    code, out, err = run_main(capsys, "train", *SMALL)
    assert code == 0 and "folder                       not kept" in out
    assert err.count("could not be kept on disk") == 1 and err.count("The cache cannot be written") == 1
    assert "warn" not in err


def test_an_interrupt_is_code_130(capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "train", interrupted)
    assert run_main(capsys, "train", *SMALL) == (130, "", "Stopped.\n")


def test_a_sweep_that_cannot_be_kept_says_so_without_file_and_line(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "file" / "cache"))
    code, out, err = run_main(capsys, "sweep", *SMALL, "--beta", "1,2")
    assert code == 0 and out.count("finished") == 2
    assert err.count("could not be kept on disk") == 1 and "StoreWarning" not in err and ".py" not in err


def test_info_names_versions_folders_and_data(capsys, own_settings):
    code, out, err = run_main(capsys, "info")
    assert (code, err) == (0, "")
    told = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert told["vaedemo"].startswith("0.") and "torch" in told["vaedemo"] and told["device"].startswith("CPU")
    assert told["cache"] == str(own_settings) and "digits" in told["at"] and "ring" in told["at"]
    assert "fashion" not in told["at"], "nothing was downloaded for this test"


@pytest.fixture
def one_shipped(tmp_path, monkeypatch):
    folder = tmp_path / "checkpoints"
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(folder))
    monkeypatch.setitem(shipped_runs.NAMED, "tiny", SMALL_CONFIG)
    return folder


def test_checkpoints_are_made_and_listed(capsys, one_shipped):
    assert run_main(capsys, "checkpoints") == (0, "", "")
    code, out, err = run_main(capsys, "checkpoints", "--make", "tiny")
    loss = store.load("tiny").metrics["test_negative_elbo"]
    assert (code, out) == (0, f"tiny: test -ELBO {loss:.4f} nats\n") and len(err.splitlines()) == 2
    code, out, err = run_main(capsys, "checkpoints")
    assert (code, err) == (0, "") and out.split()[:2] == ["tiny", SMALL_CONFIG.digest] and f"{loss:.4f} nats" in out


def test_a_damaged_checkpoint_is_named_and_the_others_are_listed(capsys, one_shipped):
    run_main(capsys, "checkpoints", "--make", "tiny")
    shutil.copytree(one_shipped / "tiny", one_shipped / "broken")
    (one_shipped / "broken" / files.WEIGHTS).write_bytes(b"")
    code, out, err = run_main(capsys, "checkpoints")
    assert code == 1 and out.startswith("tiny ") and out.count("\n") == 1
    assert err == "The shipped run broken is damaged; `python -m vaedemo checkpoints --make broken` makes it anew.\n"


def test_checkpoints_that_cannot_be_written_are_code_1(capsys, one_shipped):
    one_shipped.write_text("a file where the folder should be")
    code, out, err = run_main(capsys, "checkpoints", "--make", "tiny")
    assert (code, out) == (1, "") and err.splitlines()[-1].startswith("tiny could not be written:")


@pytest.fixture
def my_images(tmp_path):
    """A folder of two classes, 6 images each."""
    generator = torch.Generator().manual_seed(0)
    for number in range(12):
        folder = tmp_path / "my images" / ("cat", "dog")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = torch.randint(0, 256, (5, 7), dtype=torch.uint8, generator=generator)
        Image.fromarray(pixels.numpy()).save(folder / f"{number}.png")
    return tmp_path / "my images"


def test_train_on_a_folder_of_images_prints_the_same_and_keeps_the_run(capsys, my_images):
    fields = ["--hidden", "4", "--epochs", "1"]
    code, out, err = run_main(capsys, "train", "--images", str(my_images), *fields)
    assert (code, out.splitlines()[0]) == (0, "my images · VAE · mlp 4 · 2 latent axes") and "epoch 1/1" in err
    lines = dict(line.split(maxsplit=1) for line in out.splitlines()[1:])
    run = store.read(Path(lines["folder"]), keep_aside=False)
    assert lines["test_negative_elbo"] == f"{run.metrics['test_negative_elbo']:.4f}"
    assert (lines["train_images"], lines["test_images"]) == ("10", "2")
    assert run.config.dataset.startswith("upload:") and datasets.class_names(run.config.dataset) == ("cat", "dog")
    assert run_main(capsys, "train", "--images", str(my_images), *fields) == (0, out, ""), "the stored run"


def test_a_folder_that_cannot_be_trained_on_is_one_line(capsys, my_images):
    code, out, err = run_main(capsys, "train", "--images", str(my_images), "--dataset", "digits")
    assert (code, out, err) == (2, "", "dataset accepts nothing beside --images, which gives the data, got 'digits'.\n")
    (my_images / "cat" / "0.png").write_text("hello")
    code, out, err = run_main(capsys, "train", "--images", str(my_images))
    assert (code, out) == (1, "") and err.endswith("0.png' cannot be read as an image: it is neither PNG nor JPEG.\n")
    for name in ("0", "2", "4", "6", "8", "10"):
        (my_images / "cat" / f"{name}.png").unlink()
    for name in ("3", "5", "7"):
        (my_images / "dog" / f"{name}.png").unlink()
    code, out, err = run_main(capsys, "train", "--images", str(my_images))
    assert (code, out, err) == (2, "", "images accepts at least 4 examples to train and test on, got 3.\n")
    assert run_main(capsys, "train", "--images", str(my_images / "none"))[::2] == (
        1, f"{str(my_images / 'none')[-150:]!r} is not a folder.\n"
    )  # fmt: skip


def test_sweep_trains_a_list_of_beta_together(capsys):
    given = ("--dataset", "ring", "--hidden", "4", "--epochs", "1", "--train-size", "100")
    code, out, _ = run_main(capsys, "sweep", *given, "--beta", "0.1,1,4")
    lines = out.splitlines()
    assert code == 0 and [line.split()[2] for line in lines] == ["0.1", "1", "4"]
    assert all("kl" in line and line.endswith("finished") for line in lines)


@pytest.mark.parametrize("given", [(), ("--beta", "1"), ("--beta", "1,1.0"), ("--beta", "1,,2"), ("--beta", "1,high")])
def test_what_is_no_sweep_is_one_sentence(capsys, given):
    code, out, err = run_main(capsys, "sweep", *given)
    assert (code, out) == (2, "") and len(err.splitlines()) == 1


def test_forms_that_cannot_be_stacked_are_trained_apart_and_that_is_said(capsys):
    given = ("--dataset", "ring", "--hidden", "4", "--epochs", "1", "--train-size", "100", "--model", "autoencoder")
    code, out, err = run_main(capsys, "sweep", *given, "--sparsity", "0,1")
    assert code == 0 and len(out.splitlines()) == 2
    assert "trained in 2 groups" in err.splitlines()[0]
