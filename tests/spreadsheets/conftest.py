import pytest


@pytest.fixture
def desk(client, place):
    """The browser of the officer of the province."""
    client.force_login(place.officer)
    return client
