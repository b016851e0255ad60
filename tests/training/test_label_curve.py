"""The curves of the page on pre-training: a row is made again, and the file is what the code would write."""

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from vaedemo import datasets
from vaedemo.config import ConfigError
from vaedemo.training import label_curve, store
from vaedemo.training.subset import balanced


@pytest.mark.parametrize(("method", "labels", "seed"), [("frozen", 20, 2), ("pca", 50, 1), ("pixels", 100, 3)])
def test_a_shipped_row_is_made_again(method, labels, seed):
    """To 3 of the 1,000 test digits: another machine's arithmetic may turn a close call."""
    curves = label_curve.read()
    (kept,) = [row.accuracy for row in curves if row[:3] == (method, labels, seed)]
    assert label_curve.label_curve(method, labels, seed) == pytest.approx(kept, abs=0.003)


@pytest.mark.parametrize(("seed", "labels"), [(1, 20), (4, 1000)])
def test_a_shipped_row_of_the_encoder_with_20_axes_is_made_again(seed, labels):
    curves, encoder = label_curve.read(label_curve.ENCODER_20), store.load(label_curve.ENCODER_20)
    (kept,) = [row.accuracy for row in curves if row[:3] == ("frozen", labels, seed)]
    assert label_curve.label_curve("frozen", labels, seed, encoder) == pytest.approx(kept, abs=0.003)


def test_a_net_has_the_layers_of_its_encoder():
    encoder = store.load(label_curve.ENCODER_20)
    config = label_curve.classifier_config(20, 1, encoder=encoder.config)
    assert (config.hidden, config.latent_dim, config.start_from) == (encoder.config.hidden, 20, "")
    assert encoder.config.dataset == "mnist-55k", "none of the digits"


def test_a_gain_is_the_mean_difference_of_the_seeds_with_its_standard_error():
    rows = [label_curve.Row("scratch", 10, seed, 0.5) for seed in (1, 2, 3)]
    rows += [label_curve.Row("frozen", 10, seed, 0.5 + 0.01 * seed) for seed in (1, 2, 3)]
    assert label_curve.gain(rows, "frozen", 10) == pytest.approx((2.0, 1 / 3**0.5))
    with pytest.raises(ValueError, match="at least two seeds, got 1"):
        label_curve.gain([rows[0], rows[3]], "frozen", 10)


def test_pixels_are_scikit_learn_s_own_logistic_regression():
    train, test = datasets.load("digits", "train"), datasets.load("digits", "test")
    told = balanced(train, 50, 4)
    scaler = StandardScaler().fit(told.x.flatten(1).double().numpy())
    fitted = LogisticRegression(max_iter=1000).fit(scaler.transform(told.x.flatten(1).double().numpy()), told.y)
    expected = fitted.score(scaler.transform(test.x.flatten(1).double().numpy()), test.y)
    assert label_curve.label_curve("pixels", 50, 4) == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("encoder", label_curve.FILES)
def test_a_file_has_every_row_once(encoder):
    curves = label_curve.read(encoder)
    keys = [row[:3] for row in curves]
    methods, counts = label_curve.MEASURED[encoder]
    wanted = {(m, n, s) for m in methods for n in counts for s in label_curve.SEEDS}
    assert len(keys) == len(wanted) and set(keys) == wanted
    assert all(0.3 <= row.accuracy <= 1 for row in curves)


@pytest.mark.parametrize("labels", label_curve.LABELS)
def test_every_net_takes_about_as_many_steps(labels):
    config = label_curve.classifier_config(labels, 1)
    steps = config.epochs * -(-labels // config.batch_size)
    assert 0.95 * label_curve.STEPS <= steps <= 1.05 * label_curve.STEPS
    assert config.train_size == labels and config.subset_seed == config.seed == 1


def test_a_net_starts_from_the_encoder_and_learns(monkeypatch):
    monkeypatch.setattr(label_curve, "STEPS", 100)
    encoder = store.load(label_curve.ENCODER)
    assert label_curve.classifier_config(10, 1, encoder.digest).start_from == encoder.digest
    assert label_curve.label_curve("finetuned", 10, 1) > 0.2
    assert label_curve.label_curve("finetuned", 10, 1) == label_curve.label_curve("finetuned", 10, 1)


@pytest.mark.parametrize("labels", [9, 0, -1, 4001, 10.5, float("nan")])
def test_fewer_labels_than_classes_are_refused(labels):
    with pytest.raises(ConfigError, match="labels accepts a whole number from 10 to 4,000"):
        label_curve.label_curve("pixels", labels, 1)


def test_another_method_is_refused():
    with pytest.raises(ConfigError, match="method accepts one of finetuned, scratch"):
        label_curve.label_curve("guess", 10, 1)


def test_rows_are_written_in_order_and_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(label_curve, "path", lambda encoder=label_curve.ENCODER: tmp_path / "curves" / encoder)
    monkeypatch.setattr(label_curve, "label_curve", lambda method, labels, seed, encoder: labels / 10_000)
    label_curve.make((20, 10), ("pixels",))
    label_curve.make((10,), ("scratch",))
    assert label_curve.read(label_curve.ENCODER_20) == [], "it has no pixels, and no 10 labels"
    found = label_curve.read()
    assert [row.method for row in found] == ["scratch"] * 5 + ["pixels"] * 10
    assert [row.labels for row in found] == [10] * 5 + [10] * 5 + [20] * 5
    assert label_curve.summary(found, 10)["pixels"].mean == pytest.approx(0.001)


def test_a_damaged_file_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(label_curve, "path", lambda encoder: tmp_path / "c.csv")
    for content in ("", "method,labels\na,1\n", "method,labels,seed,accuracy\nguess,10,1,0.5\n"):
        (tmp_path / "c.csv").write_text(content)
        with pytest.raises(datasets.DataUnavailable, match="restore"):
            label_curve.read()


def test_summary_is_over_seeds():
    curves = [label_curve.Row("pixels", 10, 1, 0.2), label_curve.Row("pixels", 10, 2, 0.4)]
    assert label_curve.summary(curves, 10) == {"pixels": pytest.approx((0.3, 0.2, 0.4))}
