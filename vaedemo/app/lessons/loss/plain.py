"""The loss page's digit in plain PyTorch: the function that the script of its model has beside the test losses."""

from string import Template

from vaedemo.app.lessons.loss import line
from vaedemo.app.shell.step_view import StepView

VIEW = Template('''\
@torch.no_grad()
def view(model):
    """Print what the page shows of test image $image: the two terms of its loss, averaged over $draws z, at beta $beta.

    Mean and log-variance of q are pulled to the prior's by the share t: they are (1 - t) mu and (1 - t) logvar.
    """
    t = $t
    x = as_data(examples("test")[$image : $image + 1])
    mu, logvar = model.encoder(x).chunk(2, dim=1)
    mu, logvar = (1 - t) * mu, (1 - t) * soften(logvar)
    epsilon = torch.randn($draws, LATENT_DIM, generator=torch.Generator().manual_seed($seed))
    z = mu + (0.5 * logvar).exp() * epsilon
    l_recon = -model.log_p(x.expand(len(z), *x.shape[1:]), model.decoder(z)).flatten(1).sum(1).mean().item()
    l_kl = 0.5 * (mu**2 + torch.expm1(logvar) - logvar).sum().item()
    print("Test image $image")
    print(f"l_recon: {l_recon:.4f} nats")
    print(f"l_KL: {l_kl:.4f} nats")
    print(f"l_recon + beta l_KL: {l_recon + $beta * l_kl:.4f} nats")
''')


def view_code(view: StepView) -> str:
    """The function `view(model)`."""
    fields = {name: view[name] for name in ("image", "t", "beta")}
    return VIEW.substitute(fields, draws=line.DRAWS, seed=line.SEED)
