"""The home page's digit in plain PyTorch: the function that the script of its model has beside the test losses."""

from string import Template

from vaedemo.app.shell.step_view import StepView

VIEW = Template('''\
@torch.no_grad()
def view(model):
    """Print what the page shows of test image $image: its loss with the z of one noise, and its q(z|x)."""
    x = as_data(examples("test")[$image : $image + 1])
    l_recon, l_kl = (term.item() for term in model.loss(x, torch.Generator().manual_seed($noise)))
    mu, logvar = model.encoder(x).chunk(2, dim=1)
    sigma = (0.5 * soften(logvar)).exp()
    print("Test image $image")
    print(f"Reconstruction loss: {l_recon:.4f} nats")
    print(f"KL: {l_kl:.4f} nats")
    print(f"-ELBO: {l_recon + l_kl:.4f} nats")
    print("mu: ({:.4f}, {:.4f})".format(*mu[0].tolist()))
    print("sigma: ({:.4f}, {:.4f})".format(*sigma[0].tolist()))
''')


def view_code(view: StepView) -> str:
    """The function `view(model)`; empty for the part that compares two models."""
    return "" if view["part"] == "codes" else VIEW.substitute(image=view["image"], noise=view["noise"])
