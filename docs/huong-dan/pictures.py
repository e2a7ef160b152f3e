"""Takes the pictures of the user guide again: `make pictures`.

A portal of its own, filled with demonstration data in a temporary folder, is served on a free loopback port and walked
through in Chromium as an officer would; it is ended and its folder removed at the end.
"""

import re
import sys
import tempfile
from pathlib import Path

from list_chapters import cleaning, importing, officers_by_list, out_and_back
from playwright.sync_api import sync_playwright
from walking import CHROMIUM, CHROMIUM_ARGS, PHONE, PICTURES, Walk, portal

#: What a new officer chooses in place of the first password; used nowhere else.
OWN_PASSWORD = "mua thu nam ay rat xanh"


def sign_in_and_account(browser, address):
    """01: signing in, a wrong password, one's own account, on the desk and on the phone."""
    with Walk(browser, address) as walk:
        walk.open("/dang-nhap/")
        walk.shot("01-dang-nhap")
        walk.sign_in("nhaplieu.tinh", "nham mat khau roi")
        walk.shot("01-dang-nhap-sai")
    with Walk(browser, address, "quantri") as walk:
        walk.shot("01-viec-cua-toi")
        walk.open("/tai-khoan/toi/")
        walk.shot("01-tai-khoan-cua-toi")
    with Walk(browser, address, "xa1.nhaplieu", width=PHONE) as walk:
        walk.shot("01-dien-thoai")
        walk.page.locator(".nav-toggle").click()
        walk.page.wait_for_timeout(400)
        walk.shot("01-dien-thoai-danh-muc")


def finding_units(browser, address):
    """02: the search box, the list and its filters, the page of one unit."""
    with Walk(browser, address, "nhaplieu.tinh") as walk:
        walk.page.locator("#search").press_sequentially("thpt vinh hoa")
        walk.page.locator("#search-suggestions a").first.wait_for()
        walk.shot("02-tim-nhanh", tallest=520)
        walk.open("/don-vi/")
        walk.shot("02-danh-sach")
        walk.open("/don-vi/?q=truong+tieu+hoc")
        walk.shot("02-loc", tallest=620)
        walk.open("/don-vi/DV0001299/")
        walk.shot("02-ho-so")
    with Walk(browser, address, "xem", width=PHONE) as walk:
        walk.open("/don-vi/?q=mam+non")
        walk.shot("02-danh-sach-dien-thoai")


def writing_units(browser, address):
    """03: entering a unit, a possible repeat, the steps of its life, a conclusion of its own, the work-lists."""
    with Walk(browser, address, "xa1.nhaplieu") as walk:
        page = walk.page
        walk.open("/don-vi/them/")
        walk.shot("03-chon-khoi")
        walk.press("Cơ sở giáo dục", "link")
        page.get_by_label("Tên đơn vị").fill("Trường Mầm non Minh Khai Trí 168")
        walk.press("Lưu")
        walk.shot("03-co-the-trung", tallest=760)
    with Walk(browser, address, "quantri") as walk:
        for path, name in (
            ("/don-vi/DV0000710/sua/", "03-sua"),
            ("/don-vi/DV0000710/tinh-trang/suspend/", "03-tam-ngung"),
            ("/don-vi/DV0000710/chuyen-dia-ban/", "03-chuyen-dia-ban"),
            ("/don-vi/DV0000710/doi-tuong/", "03-doi-tuong"),
            ("/don-vi/con-thieu/", "03-con-thieu"),
            ("/don-vi/xac-dinh-dia-ban/", "03-xac-dinh-dia-ban"),
        ):
            walk.open(path)
            walk.shot(name, tallest=720)


def accounts(browser, address):
    """05: the list of accounts, a new one, its first password and the change of it."""
    with Walk(browser, address, "hethong") as walk:
        page = walk.page
        walk.open("/tai-khoan/")
        walk.shot("05-danh-sach")
        walk.press("Mở tài khoản", "link")
        page.get_by_label("Họ và tên").fill("Nguyễn Thị Mẫu")
        page.get_by_label("Tên đăng nhập").fill("nguyenthimau.andong")
        page.get_by_label("Cấp bậc, chức vụ").fill("Trung úy")
        page.get_by_label("Cơ quan Công an").press_sequentially("phuong an dong")
        page.get_by_role("option", name="Công an phường An Đông").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_label(re.compile("Nhập liệu:")).check()
        walk.shot("05-mo-tai-khoan")
        walk.press("Mở tài khoản")
        walk.shot("05-mat-khau-lan-dau")
        first_password = page.locator("main code").last.inner_text().strip()
        walk.open("/tai-khoan/")
        walk.press("Nguyễn Thị Mẫu", "link")
        walk.shot("05-tai-khoan")
        walk.press("Khóa tài khoản", "link")
        walk.shot("05-khoa")
    with Walk(browser, address, "nguyenthimau.andong", password=first_password) as walk:
        walk.shot("01-doi-mat-khau")
        walk.page.locator("#id_old_password").fill(first_password)
        walk.page.locator("#id_new_password1").fill(OWN_PASSWORD)
        walk.page.locator("#id_new_password2").fill(OWN_PASSWORD)
        walk.press("Đổi mật khẩu")


def journal_and_tables(browser, address):
    """06: the journal, one act, the data pages."""
    with Walk(browser, address, "quantri") as walk:
        walk.open("/nhat-ky/")
        walk.shot("06-nhat-ky")
        walk.page.locator("main table a[href]").first.click()
        walk.shot("06-mot-thao-tac")
        walk.open("/quan-tri/")
        walk.shot("06-bang-du-lieu")
        walk.open("/quan-tri/units/unit/")
        walk.shot("06-bang-don-vi", tallest=620)


def territory(browser, address):
    """07: areas today and on an earlier day, one area with what it came from."""
    with Walk(browser, address, "quantri") as walk:
        walk.open("/dia-ban/")
        walk.shot("07-dia-ban", tallest=620)
        walk.open("/dia-ban/?on=01/01/2025")
        walk.shot("07-ngay-truoc", tallest=620)
        walk.open("/dia-ban/")
        walk.press("Phường An Đông", "link")
        walk.shot("07-mot-dia-ban")


def activities(browser, address):
    """12: the list with its sums, a session for many units, a copy of the last one, the totals."""
    with Walk(browser, address, "nhaplieu.tinh") as walk:
        page = walk.page
        walk.open("/hoat-dong/?ky=nam-2026")
        page.locator(".list-count").get_by_text("đơn vị tham gia").wait_for()
        walk.shot("12-danh-sach", tallest=640)
        walk.open("/hoat-dong/tong-hop/?ky=nam-2026")
        walk.shot("12-tong-hop", tallest=640)
        walk.open("/don-vi/?khoi=enterprise")
        names = page.locator(".list-table tbody td.card-title a").all_inner_texts()[:8]
        walk.open("/hoat-dong/them/")
        page.locator("#id_kind").select_option("conference")
        page.locator("#id_topic").fill("Giao ban quý IV")
        page.locator("#id_held_on").fill("05/11/2026")
        page.locator("#id_approximation").select_option("nearly")
        page.locator("#id_attendance_count").fill("700")
        page.locator("#id_units").fill("\n".join(f"{at}. {name}" for at, name in enumerate(names, start=1)))
        page.get_by_role("button", name="Nhận ra các đơn vị").click()
        page.locator(".units-told").wait_for()
        walk.shot("12-ghi", tallest=1_100)
        walk.open("/hoat-dong/them/?chep=cuoi")
        walk.shot("12-chep", tallest=760)


def duties(browser, address):
    """13: commitments of many units, an agreement, late findings, incidents by code, documents."""
    with Walk(browser, address, "nhaplieu.tinh") as walk:
        page = walk.page
        walk.open("/chap-hanh/?nam=2018")
        walk.shot("13-cam-ket", tallest=620)
        walk.open("/don-vi/?khoi=school")
        names = page.locator(".list-table tbody a").all_inner_texts()[:8]
        walk.open("/chap-hanh/cam-ket/nhieu-don-vi/")
        page.get_by_placeholder("Mỗi dòng một đơn vị").fill("\n".join(names))
        page.get_by_role("button", name="Nhận ra các đơn vị").click()
        page.locator(".units-told").wait_for()
        walk.press("Ghi số người của từng đơn vị")
        walk.shot("13-nhieu-don-vi", tallest=760)
        walk.open("/chap-hanh/phoi-hop/")
        page.locator(".list-table tbody a").first.click()
        walk.shot("13-phoi-hop", tallest=620)
        walk.open("/chap-hanh/kiem-tra/?khac_phuc=qua&sap_xep=han")
        walk.shot("13-qua-han", tallest=620)
        walk.open("/chap-hanh/vu-viec/bang/")
        walk.shot("13-bang-vu-viec", tallest=620)
        walk.open("/van-ban/?q=chi+thi+07")
        walk.shot("13-van-ban", tallest=420)


def security_forces(browser, address):
    """10: forces, guards, a guard with what the law says, a course and its people, certificates soon to expire."""
    with Walk(browser, address, "quantri") as walk:
        page = walk.page
        walk.open("/luc-luong/")
        walk.shot("10-danh-sach", tallest=640)
        walk.open("/luc-luong/bao-ve/")
        walk.shot("10-nguoi-bao-ve", tallest=640)
        page.locator("table.list-table td.card-title a").first.click()
        page.locator("dl.facts").first.wait_for()
        walk.shot("10-mot-nguoi", tallest=900)
        walk.open("/luc-luong/huan-luyen/")
        page.locator("table.list-table td.card-title a").first.click()
        page.locator("dl.facts").first.wait_for()
        walk.shot("10-lop", tallest=760)
        walk.open("/luc-luong/giay-chung-nhan/?gia_tri=90")
        walk.shot("10-het-han", tallest=640)


def self_managed_models(browser, address):
    """11: the list of models, the page of a cluster, the table of a period."""
    with Walk(browser, address, "quantri") as walk:
        walk.open("/mo-hinh/")
        walk.shot("11-danh-sach")
        walk.open("/mo-hinh/?lien_ket=co")
        walk.page.locator("table.list-table td.card-title a").first.click()
        walk.page.locator("#cung-tham-gia").wait_for()
        walk.shot("11-ho-so")
        walk.open("/mo-hinh/bien-dong/")
        walk.shot("11-bien-dong")


def duplicates(browser, address):
    """14: the list of likely doubles, a pair side by side, the preview of a merge, the hint while typing."""
    with Walk(browser, address, "quantri") as walk:
        page = walk.page
        walk.open("/don-vi/trung/")
        walk.shot("14-nghi-trung", tallest=640)
        page.locator(".list-table tbody .card-title a").first.click()
        page.locator(".compare-table").wait_for()
        name = page.locator(".compare-table tbody tr").nth(1).locator("td").first.inner_text()
        area = page.locator(".compare-table tr", has_text="Địa bàn").locator("td").first.inner_text().split(",")[0]
        walk.shot("14-mot-cap", tallest=760)
        page.get_by_role("link", name="Gộp, giữ").first.click()
        page.locator("#id_reason").wait_for()
        walk.shot("14-xem-truoc", tallest=1_100)
        walk.open("/don-vi/them/?khoi=school")
        page.locator("#id_name").fill(name)
        page.locator("#id_jurisdiction").fill(area)
        page.get_by_role("listbox", name="Địa bàn").get_by_role("option").first.click()
        page.locator("#id_address").click()
        page.locator("form .alert-warning").wait_for()
        walk.shot("14-dang-go", tallest=640)
    with Walk(browser, address, "xa1") as walk:
        walk.open("/don-vi/trung/ngoai-pham-vi/")
        walk.shot("14-ngoai-pham-vi", tallest=480)


def main():
    """Take every picture; names on the command line (``04``) choose chapters."""
    chosen = sys.argv[1:]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="huong-dan-") as name:
        folder = Path(name)
        chapters = {
            "05": lambda browser, address: (
                accounts(browser, address),
                officers_by_list(browser, address, folder),
            ),
            "01": sign_in_and_account,
            "02": finding_units,
            "03": writing_units,
            "04": lambda browser, address: importing(browser, address, folder),
            "06": journal_and_tables,
            "09": lambda browser, address: out_and_back(browser, address, folder),
            "07": territory,
            "10": security_forces,
            "11": self_managed_models,
            "12": activities,
            "08": lambda browser, address: cleaning(browser, address, folder),
            "13": duties,
            "14": duplicates,
        }
        with portal(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
            for number, chapter in chapters.items():
                if not chosen or number in chosen:
                    chapter(browser, address)
            browser.close()


if __name__ == "__main__":
    main()
