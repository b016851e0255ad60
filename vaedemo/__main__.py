"""The command line: python -m vaedemo train | sweep | info | checkpoints | export."""

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from vaedemo import terminal
from vaedemo.app.export import command as export
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError
from vaedemo.terminal import FAILED, WRONG_USE, Parser
from vaedemo.training.sweeps import VARIED

INTERRUPTED = 130  # as shells report SIGINT: 128 + 2
CAPS = "bind the app alone: no VAEDEMO_MAX_ variable limits a training from a terminal or from Python"


class Failure(Exception):
    """A command cannot be executed; the message is one sentence with the reason."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 success, 1 failure, 2 wrong use, 130 stopped by Ctrl+C."""
    try:
        options = parser().parse_args(arguments)
        return options.command(options)
    except (ConfigError, SettingError) as error:
        terminal.tell(str(error))
        return WRONG_USE
    except Failure as error:
        terminal.tell(str(error))
        return FAILED
    except KeyboardInterrupt:
        terminal.tell("Stopped.")
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="python -m vaedemo", description="Train and look at small variational autoencoders.")
    commands = top.add_subparsers(required=True, metavar="command")
    caps = f"The caps on epochs, parameters, memory and time {CAPS}."
    train = commands.add_parser("train", help="train a model, or find that it was trained already", epilog=caps)
    add_fields(train)
    about = "train on the PNG and JPEG files of this folder, at most 256 by 256 pixels; its subfolders are classes"
    train.add_argument("--images", metavar="folder", help=f"{about}; in place of --dataset")
    train.set_defaults(command=command_train)
    about = "train models that differ in one thing, together: --beta 0.1,1,4"
    sweep = commands.add_parser("sweep", help=about, epilog=caps)
    add_fields(sweep, lists=VARIED)
    sweep.set_defaults(command=command_sweep)
    commands.add_parser("info", help="versions, device, folders and data at hand").set_defaults(command=command_info)
    checkpoints = commands.add_parser("checkpoints", help="list the shipped runs, or make them anew")
    checkpoints.add_argument(
        "--make", nargs="*", metavar="name", help="train these from nothing (none named: all, and the curves)"
    )
    checkpoints.set_defaults(command=command_checkpoints)
    export.add_to(commands)
    return top


def add_fields(parser: argparse.ArgumentParser, lists: Iterable[str] = ()) -> None:
    """Add an option for each field of a config, with its rule as help; those in `lists` accept several values."""
    for entry in fields(RunConfig):
        flag = "--" + entry.name.replace("_", "-")
        several = ", or several of them, separated by commas" if entry.name in lists else ""
        more = "; fast brings epochs, batch and rate of its own" if entry.name == "recipe" else ""
        words = f"{entry.metadata['rule'].accepts}{several}; default {entry.metadata['words']}{more}"
        parser.add_argument(flag, default=None, metavar="…", help=words.replace("%", "%%"))


def given_fields(options: argparse.Namespace) -> dict[str, str]:
    """The fields given on the command line."""
    named = {entry.name: getattr(options, entry.name) for entry in fields(RunConfig)}
    return {name: value for name, value in named.items() if value is not None}


def suited(named: dict[str, str]) -> dict[str, str]:
    """The given fields and, with `--recipe fast`, its preset's epochs, batch size and rate if they are not given."""
    if named.get("recipe") != "fast":
        return named
    from vaedemo.training import presets

    single = {name: value.split(",")[0] if name != "hidden" else value for name, value in named.items()}
    preset = presets.fast(RunConfig(**single))
    return {name: str(getattr(preset, name)) for name in ("epochs", "batch_size", "learning_rate")} | named


@contextmanager
def shown() -> Iterator[tuple[terminal.ProgressBar, list[str]]]:
    """A progress bar, and a list for the sentences of warnings. Raises `Failure` when data are not available."""
    from vaedemo.datasets import DataUnavailable
    from vaedemo.training.store import StoreWarning

    bar, sentences = terminal.ProgressBar(sys.stderr), []
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", StoreWarning)
        try:
            yield bar, sentences
        except DataUnavailable as error:
            raise Failure(str(error)) from error
        finally:
            bar.close()
            sentences.extend(str(warning.message) for warning in told)


def outcome(runs: Iterable[Any], sentences: Iterable[str]) -> int:
    """Print the notes of finished runs and the warnings, each sentence once; returns the exit code."""
    for sentence in dict.fromkeys([*sentences, *(note for run in runs for note in run.notes)]):
        terminal.tell(sentence)
    return 0 if all(run.status == "finished" for run in runs) else FAILED


def command_train(options: argparse.Namespace) -> int:
    config = RunConfig(**suited(given_fields(options)))
    from vaedemo.training import engine, own_data, store

    with shown() as (bar, sentences):
        if options.images is not None:
            run = own_data.fit_folder(options.images, options.dataset, config, bar.training)
        else:
            run = engine.train(config, on_progress=bar.training, on_download=bar.download)
    print(run.title)
    for name, value in sorted(run.metrics.items()):
        print(f"  {name:<28} {value:.4f}" if isinstance(value, float) else f"  {name:<20} {value}")
    folder = store.folder_of(run.digest)
    print(f"  {'folder':<28} {folder if folder is not None else 'not kept'}")
    return outcome([run], sentences)


def command_sweep(options: argparse.Namespace) -> int:
    from vaedemo.training import engine, sweeps
    from vaedemo.training.run import corrupts, measures

    named = suited(given_fields(options))
    lists = {name: sweeps.varied(name, named.pop(name)) for name in VARIED if "," in named.get(name, "")}
    configs = sweeps.family(named, lists)
    apart = len(engine.stacks(configs))
    if apart > 1:
        terminal.tell(f"Not all of one form: trained in {apart} groups, one after the other.")
    with shown() as (bar, sentences):
        runs = engine.sweep(configs, on_progress=bar.training, on_download=bar.download)
    for run in runs:
        settings = "  ".join(f"{name} {getattr(run.config, name):<8g}" for name in lists)
        measured = [f"{name} {run.metrics['test_' + name]:9.3f}" for name in measures(run.config)]
        inputs = ["of corrupted inputs"] if corrupts(run.config) else []
        print("  ".join([run.digest, settings, *measured, *inputs, run.status]))
    return outcome(runs, sentences)


def command_info(options: argparse.Namespace) -> int:
    import platform

    import torch

    import vaedemo
    from vaedemo import datasets, settings
    from vaedemo.config import DATASETS
    from vaedemo.training import cache_folders, device, store

    now = settings.current()
    print(f"vaedemo {vaedemo.__version__}, Python {platform.python_version()}, torch {torch.__version__}")
    print(f"device       {device.describe(device.pick())}")
    print(f"cache        {now.cache}")
    print(f"data         {now.data_folder}")
    print(f"at hand      {', '.join(name for name in DATASETS if datasets.at_hand(name, 'train'))}")
    print(f"shipped runs {', '.join(store.shipped()) or 'none'}")
    print(f"kept runs    {sum(1 for _ in cache_folders.run_folders())}")
    caps = f"{now.max_epochs:,} epochs, {now.max_parameters:,} parameters, {now.max_seconds:,.0f} seconds"
    print(f"app's caps   {caps}; they {CAPS}")
    return 0


def command_checkpoints(options: argparse.Namespace) -> int:
    from vaedemo.training import shipped, shipped_runs

    if options.make is None:
        return list_shipped()
    code = 0
    for names in shipped.groups(options.make or shipped_runs.NAMED):
        with shown() as (bar, sentences):
            try:
                runs = shipped.make_together(names, on_progress=bar.training)
            except OSError as error:
                raise Failure(f"{names[0]} could not be written: {error.strerror}.") from error
        for name, run in zip(names, runs, strict=True):
            print(f"{name}: {loss_of(run)}")
        code = max(code, outcome(runs, sentences))
    if not options.make:
        from vaedemo.training import bound_film, collapse, draws_needed, first_views, label_curve, novelty, overcomplete

        for curves in (first_views, overcomplete, label_curve, bound_film, draws_needed, novelty, collapse):
            print(f"{curves.__name__.rpartition('.')[2]}: the curves are measured anew, which takes minutes")
            curves.make()
    return code


def list_shipped() -> int:
    """Print one line per shipped run; a damaged one is named on stderr."""
    from vaedemo.training import store

    code = 0
    for name in store.shipped():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", store.StoreWarning)  # the error below has the same text
                run = store.load(name)
        except store.RunNotFound as error:
            terminal.tell(str(error))
            code = FAILED
            continue
        print(f"{name:<21} {run.digest}  {loss_of(run):<26}  {run.config.title}")
    return code


def loss_of(run) -> str:
    """A run's test loss as text: only a VAE has a bound, only a classifier an accuracy."""
    from vaedemo.training.run import corrupts

    what, measure, unit = {
        "vae": ("-ELBO", "negative_elbo", "nats"),
        "autoencoder": ("loss", "reconstruction", "nats"),
        "classifier": ("accuracy", "accuracy", "of 1"),
    }.get(run.config.model, ("-log p(x)", "negative_log_likelihood", "nats"))
    inputs = " of corrupted inputs" if corrupts(run.config) else ""
    return f"test {what} {run.metrics['test_' + measure]:.4f} {unit}{inputs}"


if __name__ == "__main__":
    sys.exit(terminal.run(main))
