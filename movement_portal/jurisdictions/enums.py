from django.db import models


class JurisdictionKind(models.TextChoices):
    COUNTRY = "country", "Quốc gia"
    PROVINCE = "province", "Tỉnh"
    #: Directly under the central government: one level with the provinces.
    CITY = "city", "Thành phố"
    URBAN_DISTRICT = "urban_district", "Quận"
    DISTRICT = "district", "Huyện"
    TOWN = "town", "Thị xã"
    #: Thành phố thuộc tỉnh, one level with the districts.
    PROVINCIAL_CITY = "provincial_city", "Thành phố thuộc tỉnh"
    WARD = "ward", "Phường"
    COMMUNE = "commune", "Xã"
    TOWNSHIP = "township", "Thị trấn"
    SPECIAL_ZONE = "special_zone", "Đặc khu"

    @property
    def prefix(self):
        """The word that stands before the name: “Thành phố” for both kinds of city."""
        return "Thành phố" if self is self.PROVINCIAL_CITY else str(self.label)

    @property
    def level(self):
        """How far down the kind stands: 0 the country, 1 provinces, 2 districts, 3 communes."""
        return next((level for level, kinds in enumerate(LEVELS) if self in kinds), 0)


#: The word before the name, by kind, for lists that write hundreds of names.
PREFIXES: dict[str, str] = {kind.value: kind.prefix for kind in JurisdictionKind}

PROVINCE_KINDS = frozenset({JurisdictionKind.PROVINCE, JurisdictionKind.CITY})
DISTRICT_KINDS = frozenset(
    {
        JurisdictionKind.URBAN_DISTRICT,
        JurisdictionKind.DISTRICT,
        JurisdictionKind.TOWN,
        JurisdictionKind.PROVINCIAL_CITY,
    }
)
COMMUNE_KINDS = frozenset(
    {JurisdictionKind.WARD, JurisdictionKind.COMMUNE, JurisdictionKind.TOWNSHIP, JurisdictionKind.SPECIAL_ZONE}
)

#: Kinds by level below the country; a level may be missing from the tree of a time.
LEVELS = (frozenset({JurisdictionKind.COUNTRY}), PROVINCE_KINDS, DISTRICT_KINDS, COMMUNE_KINDS)


class SuccessionKind(models.TextChoices):
    #: The same area goes on below another parent: everything below a province that changes has its own successor.
    CONTINUED = "continued", "Giữ nguyên"
    RENAMED = "renamed", "Đổi tên, đổi loại"
    MERGED_WHOLE = "merged_whole", "Nhập toàn bộ"
    PART_OF = "part_of", "Nhập một phần"


class PoliceLevel(models.TextChoices):
    MINISTRY = "ministry", "Bộ Công an"
    PROVINCE = "province", "Công an cấp tỉnh"
    DISTRICT = "district", "Công an cấp huyện"
    COMMUNE = "commune", "Công an cấp xã"

    @property
    def order(self):
        """How far down the level stands: 0 the ministry, 3 the communes."""
        return list(PoliceLevel).index(self)


class Function(models.TextChoices):
    """What an officer does; each is a group of permissions (``functions.py``)."""

    ENTER = "enter", "Nhập liệu"
    APPRAISE = "appraise", "Thẩm định"
    DECIDE = "decide", "Lãnh đạo"
    MANAGE_RECORDS = "manage_records", "Quản trị nghiệp vụ"
    MANAGE_ACCOUNTS = "manage_accounts", "Quản trị hệ thống"
    READ = "read", "Chỉ đọc"
