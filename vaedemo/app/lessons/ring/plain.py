"""The learned ring in plain PyTorch: the function that the script of its model has beside the test losses."""

from string import Template

from vaedemo.app.lessons.ring import learned
from vaedemo.app.lessons.ring.scenes import MOST_SAMPLES
from vaedemo.app.shell.step_view import StepView

VIEW = Template('''\
@torch.no_grad()
def view(model):
    """Print what the page shows of the decoder: where it sends z ~ N(0, I), by the distance rho from the origin."""
    z = torch.randn($most, 2, generator=torch.Generator().manual_seed($seed))[:$decoded]
    rho = model.decoder(z).double().norm(dim=1)
    print(f"Decoder: samples: {len(z):,}")
    print(f"Decoder: inside rho < $hole: {100 * (rho < $hole).double().mean().item():.2f} %")
    print(f"Decoder: mean radius: {rho.mean().item():.4f}")
''')


def view_code(view: StepView) -> str:
    """The function `view(model)`; empty where the exact map is shown too, which needs no model."""
    if view["part"] != "learned":
        return ""
    return VIEW.substitute(most=MOST_SAMPLES, seed=view["seed"], decoded=learned.DECODED, hole=learned.HOLE)
