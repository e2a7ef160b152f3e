"""Headers of lists of schools and companies."""

SCHOOL = ["Mã trường", "Tên trường", "Sở GD&ĐT", "Phòng GD&ĐT", "Loại hình", "Loại trường", "Cấp", "Xã, phường"]


COMPANY = ["tax_code", "company_name", "status", "Ngày tạm ngừng", "industry", "Xã, phường"]
