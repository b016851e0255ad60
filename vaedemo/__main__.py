"""The same from a terminal: python -m vaedemo train | sweep | info | checkpoints."""

import argparse
import sys
import warnings
from dataclasses import fields

from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError

FAILED, WRONG_USE = 1, 2


class Parser(argparse.ArgumentParser):
    """Wrong use gets one sentence on stderr and exit code 2, without the usage lines."""

    def error(self, message: str):
        self.exit(WRONG_USE, f"{message[:1].upper()}{message[1:]}. See python -m vaedemo --help.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 could not be done, 2 wrong use."""
    options = parser().parse_args(arguments)
    try:
        return options.command(options)
    except (ConfigError, SettingError) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return FAILED


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="python -m vaedemo", description="Train and look at small variational autoencoders.")
    commands = top.add_subparsers(required=True, metavar="command")
    train = commands.add_parser("train", help="train a model, or find that it was trained already")
    add_fields(train)
    train.set_defaults(command=command_train)
    sweep = commands.add_parser("sweep", help="train models that differ in one thing, together: --beta 0.1,1,4")
    add_fields(sweep)
    sweep.set_defaults(command=command_sweep)
    info = commands.add_parser("info", help="versions, device, folders and data at hand")
    info.set_defaults(command=command_info)
    checkpoints = commands.add_parser("checkpoints", help="list the shipped runs, or make them anew")
    checkpoints.add_argument(
        "--make", nargs="*", metavar="name", help="train these from nothing (none named: all, and the curves)"
    )
    checkpoints.set_defaults(command=command_checkpoints)
    return top


def add_fields(parser: argparse.ArgumentParser) -> None:
    """An option for each field of a config."""
    for entry in fields(RunConfig):
        flag = "--" + entry.name.replace("_", "-")
        default = entry.default
        shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
        more = "; fast brings epochs, batch and rate of its own" if entry.name == "recipe" else ""
        parser.add_argument(flag, default=None, metavar="…", help=f"default {shown!s}{more}")


def given_fields(options: argparse.Namespace) -> dict[str, str]:
    """The fields that were named."""
    named = {entry.name: getattr(options, entry.name) for entry in fields(RunConfig)}
    return {name: value for name, value in named.items() if value is not None}


def suited(named: dict[str, str]) -> dict[str, str]:
    """The fields that were named and, with `--recipe fast`, the sizes of its preset for those that were not."""
    if named.get("recipe") != "fast":
        return named
    from vaedemo.training import presets

    single = {name: value.split(",")[0] if name != "hidden" else value for name, value in named.items()}
    preset = presets.fast(RunConfig(**single))
    return {name: str(getattr(preset, name)) for name in ("epochs", "batch_size", "learning_rate")} | named


def command_train(options: argparse.Namespace) -> int:
    config = RunConfig(**suited(given_fields(options)))
    from vaedemo.datasets import DataUnavailable
    from vaedemo.terminal import ProgressBar
    from vaedemo.training import engine, store

    bar = ProgressBar(sys.stderr)
    try:
        with warnings.catch_warnings(record=True) as told:  # shown below as sentences, without file and line
            warnings.simplefilter("always", store.StoreWarning)
            run = engine.train(config, on_progress=bar.training, on_download=bar.download)
    except DataUnavailable as error:
        bar.close()
        print(error, file=sys.stderr)
        return FAILED
    bar.close()
    print(config.title)
    for name, value in sorted(run.metrics.items()):
        print(f"  {name:<28} {value:.4f}" if isinstance(value, float) else f"  {name:<20} {value}")
    folder = store.folder_of(config.digest)
    print(f"  {'folder':<28} {folder if folder is not None else 'not kept'}")
    for note in dict.fromkeys([*(str(warning.message) for warning in told), *run.notes]):
        print(note, file=sys.stderr)
    return 0 if run.status == "finished" else FAILED


def command_sweep(options: argparse.Namespace) -> int:
    from vaedemo.datasets import DataUnavailable
    from vaedemo.terminal import ProgressBar
    from vaedemo.training import engine, sweeps
    from vaedemo.training.run import corrupts, measures

    named = suited(given_fields(options))
    lists = {name: sweeps.varied(name, named.pop(name)) for name in sweeps.VARIED if "," in named.get(name, "")}
    configs = sweeps.family(named, lists)
    apart = len(engine.stacks(configs))
    if apart > 1:
        print(f"Not all of one form: trained in {apart} groups, one after the other.", file=sys.stderr)
    bar = ProgressBar(sys.stderr)
    try:
        runs = engine.sweep(configs, on_progress=bar.training, on_download=bar.download)
    except DataUnavailable as error:
        print(error, file=sys.stderr)
        return FAILED
    finally:
        bar.close()
    for run in runs:
        settings = "  ".join(f"{name} {getattr(run.config, name):<8g}" for name in lists)
        measured = [f"{name} {run.metrics['test_' + name]:9.3f}" for name in measures(run.config)]
        inputs = ["of corrupted inputs"] if corrupts(run.config) else []
        print("  ".join([run.digest, settings, *measured, *inputs, run.status]))
        for note in run.notes:
            print(note, file=sys.stderr)
    return 0 if all(run.status == "finished" for run in runs) else FAILED


def command_info(options: argparse.Namespace) -> int:
    import platform

    import torch

    import vaedemo
    from vaedemo import datasets, settings
    from vaedemo.config import DATASETS
    from vaedemo.training import device, shelf, store

    now = settings.current()
    print(f"vaedemo {vaedemo.__version__}, Python {platform.python_version()}, torch {torch.__version__}")
    print(f"device       {device.describe(device.pick())}")
    print(f"cache        {now.cache}")
    print(f"data         {now.data_folder}")
    print(f"at hand      {', '.join(name for name in DATASETS if datasets.at_hand(name, 'train'))}")
    print(f"shipped runs {', '.join(store.shipped()) or 'none'}")
    print(f"kept runs    {sum(1 for _ in shelf.kept_folders())}")
    return 0


def command_checkpoints(options: argparse.Namespace) -> int:
    from vaedemo.datasets import DataUnavailable
    from vaedemo.terminal import ProgressBar
    from vaedemo.training import shipped, shipped_runs

    if options.make is None:
        return list_shipped()
    for names in shipped.groups(options.make or shipped_runs.NAMED):
        bar = ProgressBar(sys.stderr)
        try:
            runs = shipped.make_together(names, on_progress=bar.training)
        except DataUnavailable as error:
            print(error, file=sys.stderr)
            return FAILED
        except OSError as error:
            print(f"{names[0]} could not be written: {error.strerror}.", file=sys.stderr)
            return FAILED
        finally:
            bar.close()
        for name, run in zip(names, runs, strict=True):
            print(f"{name}: {loss_of(run)}")
    if not options.make:
        from vaedemo.training import label_curve, overcomplete

        for curves in (overcomplete, label_curve):
            print(f"{curves.__name__.rpartition('.')[2]}: the curves are measured anew, which takes minutes")
            curves.make()
    return 0


def list_shipped() -> int:
    """One line a shipped run; a damaged one is named on stderr."""
    from vaedemo.training import store

    code = 0
    for name in store.shipped():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", store.StoreWarning)  # the error says the same
                run = store.load(name)
        except store.RunNotFound as error:
            print(error, file=sys.stderr)
            code = FAILED
            continue
        print(f"{name:<21} {run.digest}  {loss_of(run):<26}  {run.config.title}")
    return code


def loss_of(run) -> str:
    """A run's loss on the test set, in words: only a VAE has a bound, only a classifier an accuracy."""
    from vaedemo.training.run import corrupts

    what, measure, unit = {
        "vae": ("-ELBO", "negative_elbo", "nats"),
        "autoencoder": ("loss", "reconstruction", "nats"),
        "classifier": ("accuracy", "accuracy", "of 1"),
    }.get(run.config.model, ("-log p(x)", "negative_log_likelihood", "nats"))
    inputs = " of corrupted inputs" if corrupts(run.config) else ""
    return f"test {what} {run.metrics['test_' + measure]:.4f} {unit}{inputs}"


if __name__ == "__main__":
    sys.exit(main())
