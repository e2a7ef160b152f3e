"""What a password must not be, beside what Django's own validators refuse."""

from django.core.exceptions import ValidationError

from movement_portal.lib.vietnamese import fold


class OwnNameValidator:
    """Refuse a password that is hardly more than the officer's name written several times: xa3xa3xa3xa3."""

    #: Letters and digits that must be left once the name is taken out.
    LEFT = 8

    def validate(self, password, user=None):
        """Raise ``ValidationError`` where too little is left without the name to sign in with."""
        name = squeezed(getattr(user, "username", ""))
        text = squeezed(password)
        if name and name in text and len(text.replace(name, "")) < self.LEFT:
            raise ValidationError(self.get_help_text(), code="own_name")

    def get_help_text(self):
        return "Mật khẩu không được chỉ là tên đăng nhập viết lặp lại hay thêm vài ký tự."


def squeezed(text: str) -> str:
    """The letters and digits of a text, folded, nothing between."""
    return fold(text).replace(" ", "")
