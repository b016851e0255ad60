"""What the forms of several lessons share."""

from vaedemo.app.shared.forms import coordinate, most_epochs


def test_a_coordinate_is_kept_to_three_decimals():
    assert coordinate("z1", "0.12349") == 0.123
    assert str(coordinate("z1", "-0.0001")) == "0.0"


def test_a_form_offers_no_more_epochs_than_the_server_allows(monkeypatch):
    monkeypatch.setenv("VAEDEMO_MAX_EPOCHS", "30")
    assert (most_epochs(), most_epochs(60), most_epochs(20)) == (30, 30, 20)
