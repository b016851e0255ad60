"""The home page's digit in plain PyTorch: the function that the script of its model has beside the test losses."""

from string import Template

from vaedemo.app.shared import own_digit
from vaedemo.app.shell.step_view import StepView
from vaedemo.datasets import drawing

VIEW = Template('''\
@torch.no_grad()
def view(model):
    """Print what the page shows of $what: its loss with the z of one noise, and its q(z|x)."""
$pixels
    l_recon, l_kl = (term.item() for term in model.loss(x, torch.Generator().manual_seed($noise)))
    mu, logvar = model.encoder(x).chunk(2, dim=1)
    sigma = (0.5 * soften(logvar)).exp()
    print("Of $what")
    print(f"Reconstruction loss: {l_recon:.4f} nats")
    print(f"KL: {l_kl:.4f} nats")
    print(f"-ELBO: {l_recon + l_kl:.4f} nats")
    print("mu: ({:.4f}, {:.4f})".format(*mu[0].tolist()))
    print("sigma: ({:.4f}, {:.4f})".format(*sigma[0].tolist()))
''')
TEST_IMAGE = '    x = as_data(examples("test")[{image} : {image} + 1])'
DRAWN = Template("""\
    # Each character is two pixels of 8 grey levels, 0 to 7.
    characters = "$alphabet"
    drawn = (
$lines
    )
    levels = torch.tensor([level for each in drawn for level in divmod(characters.index(each), 8)])
    x = as_data((levels * 255 / 7).round().to(torch.uint8).reshape(1, 1, 28, 28))""")
LINE = 98  # characters


def view_code(view: StepView) -> str:
    """The function `view(model)`; empty for the part that compares two models."""
    if view["part"] == "codes":
        return ""
    if text := own_digit.text_of(view):
        lines = "\n".join(f'        "{text[at : at + LINE]}"' for at in range(0, len(text), LINE))
        pixels = DRAWN.substitute(alphabet=drawing.ALPHABET, lines=lines)
        return VIEW.substitute(what="the drawn digit", pixels=pixels, noise=view["noise"])
    pixels = TEST_IMAGE.format(image=view["image"])
    return VIEW.substitute(what=f"test image {view['image']}", pixels=pixels, noise=view["noise"])
