import pytest

from actions.tests.world import make_action


@pytest.fixture
def action(simulator, settings):
    settings.X_TIMEOUT = 0.5
    return make_action(simulator, settings)
