"""A password is more than the officer's name."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from movement_portal.jurisdictions.models import Officer

OFFICER = Officer(username="xa3", full_name="Trần Thị Mẫu")


@pytest.mark.parametrize("password", ["xa3xa3xa3xa3", "XA3-xa3-xa3-123", "xạ3xã3xa3!!!!"])
def test_a_name_written_several_times_is_refused(password):
    with pytest.raises(ValidationError, match="tên đăng nhập viết lặp lại"):
        validate_password(password, OFFICER)


@pytest.mark.parametrize("password", ["mưa thu năm ấy ở xa3", "rừng xanh nước biếc"])
def test_a_sentence_is_taken(password):
    validate_password(password, OFFICER)


def test_a_password_of_nobody_is_not_compared():
    validate_password("rừng xanh nước biếc")
