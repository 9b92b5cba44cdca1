import pytest
from tests.faults.test_claim_life import *
from tests.faults.test_claim_life import machines, play
for n in list(globals()):
    if n.startswith("test_"): del globals()[n]
@pytest.mark.parametrize("number", range(1000,1040))
def test_soak(machines, number):
    play(machines("sqlite"), number, examples=9)
@pytest.mark.parametrize("number", range(2000,2008))
def test_soakpg(machines, number):
    play(machines("postgres"), number, examples=9)
