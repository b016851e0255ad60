"""A cluster behind TLS: who has keys of its authority trains there, who has none or another's is told so."""

import shutil
import subprocess
from pathlib import Path

import dask
import pytest

from tests.cluster.processes import PATIENCE, Cluster
from vaedemo.training import cluster as schedulers
from vaedemo.training.job import FAILED, FINISHED

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Authority:
    """A certificate authority in a folder, and one certificate of its making."""

    def __init__(self, folder: Path):
        folder.mkdir()
        self.ca, self.cert, self.key = (str(folder / name) for name in ("ca.pem", "node.pem", "node.key"))
        ca_key, request = str(folder / "ca.key"), str(folder / "node.csr")
        openssl("req", "-x509", *KEY, "-keyout", ca_key, "-out", self.ca, "-days", "2", "-subj", "/CN=authority")
        openssl("req", *KEY, "-keyout", self.key, "-out", request, "-subj", "/CN=node")
        signing = ["-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2"]
        openssl("x509", "-req", "-in", request, "-out", self.cert, *signing)

    def environment(self) -> dict[str, str]:
        """The variables that docs/cluster.md names, for the processes of a cluster."""
        prefix = "DASK_DISTRIBUTED__COMM__"
        variables = {f"{prefix}REQUIRE_ENCRYPTION": "true", f"{prefix}TLS__CA_FILE": self.ca}
        for role in ("SCHEDULER", "WORKER", "CLIENT"):
            variables |= {f"{prefix}TLS__{role}__CERT": self.cert, f"{prefix}TLS__{role}__KEY": self.key}
        return variables

    def as_client(self):
        """The same for this process, in whose environment dask does not look again."""
        tls = "distributed.comm.tls"
        return dask.config.set(
            {f"{tls}.ca-file": self.ca, f"{tls}.client.cert": self.cert, f"{tls}.client.key": self.key}
        )


def openssl(*arguments: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.fail("The test of TLS makes its own keys with the program openssl, which is not there.")
    subprocess.run([program, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("keys") / "ours")


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory, authority):
    with Cluster(tmp_path_factory.mktemp("encrypted"), "tls", **authority.environment()) as cluster:
        cluster.start_scheduler()
        cluster.start_worker("worker")
        yield cluster


def test_with_keys_of_the_authority_a_training_comes_through(encrypted, authority, replica, short):
    with authority.as_client():
        service = replica(encrypted.address)
        job = service.submit([short], "visitor")
        assert job.wait(PATIENCE)
    assert (job.state, job.error) == (FINISHED, None)
    assert job.history(short.digest)


def test_without_keys_a_sentence_names_what_is_missing(encrypted, replica, short):
    job = replica(encrypted.address).submit([short], "visitor")
    assert job.wait(PATIENCE)
    assert job.state == FAILED
    assert job.error.startswith("VAEDEMO_SCHEDULER is a tls:// address: DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ")
    assert job.error.endswith(" must name files.")


@pytest.mark.parametrize("protocol", ["tls", "tcp"])
def test_strangers_are_not_let_in(encrypted, replica, short, tmp_path, monkeypatch, protocol):
    monkeypatch.setattr(schedulers, "ANSWER_SECONDS", 2)
    address = encrypted.address.replace("tls", protocol)
    with Authority(tmp_path / "another").as_client():
        job = replica(address).submit([short], "stranger")
        assert job.wait(PATIENCE)
    assert job.state == FAILED
    assert job.error == f"The scheduler at {address} does not answer, or does not let us in; try again later."
