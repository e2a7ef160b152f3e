"""The chapters of the user guide about lists: brought in, put right, sent out and taken back."""

import re
import unicodedata
from pathlib import Path

import openpyxl
import xlsxwriter
from walking import PICTURES, Walk


def write_list(path: Path):
    """A list as an office sends it: title rows, a header over two rows, decomposed letters, an unknown commune."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Danh sách")
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    sheet.merge_range("A1:C1", "UBND PHƯỜNG AN ĐÔNG", bold)
    sheet.merge_range("A3:G3", "DANH SÁCH CƠ SỞ GIÁO DỤC NĂM HỌC 2026 - 2027", bold)
    for column, words in enumerate(("STT", "Tên trường", "Cấp học", "Xã/phường", "Địa chỉ")):
        sheet.merge_range(4, column, 5, column, words, bold)
    sheet.merge_range(4, 5, 4, 6, "Hiệu trưởng", bold)
    sheet.write(5, 5, "Họ và tên", bold)
    sheet.write(5, 6, "Điện thoại", bold)
    schools = (
        ("Trường Mầm non Hoa Nắng", "Mầm non", "Phường An Đông", "Số 12, đường số 4", "Trần Thị Mẫu", "0100 200 301"),
        ("Trường Tiểu học Đồng Xanh", "Tiểu học", "P. An Đông", "Số 30, đường số 9", "Lê Văn Mẫu", "0100.200.302"),
        ("Trường THCS Suối Trong", "THCS", "phuong an dong", "Số 7, đường số 1", "Phạm Thị Mẫu", "100200303"),
        ("Trường THPT Núi Biếc", "THPT", "Xã Nhà Bè", "Số 88, đường số 2", "Vũ Văn Mẫu", "0100200304"),
        ("Trường Mầm non Mây Trắng", "Mầm non", "Phường Chưa Rõ Tên", "Số 5, đường số 6", "Đỗ Thị Mẫu", "0100200305"),
        ("", "Tiểu học", "Phường An Đông", "Số 9, đường số 3", "Hồ Văn Mẫu", "0100200306"),
    )
    for number, school in enumerate(schools, start=1):
        decomposed = [unicodedata.normalize("NFD", words) for words in school]
        sheet.write_row(5 + number, 0, [number, *decomposed])
    sheet.write(len(schools) + 6, 1, "Tổng cộng: 6 trường", bold)
    sheet.set_column("B:G", 24)
    book.close()


def importing(browser, address, folder: Path):
    """04: from the file of an office to the register."""
    path = folder / "danh-sach-truong-2026.xlsx"
    write_list(path)
    with Walk(browser, address, "quantri") as walk:
        walk.open("/nhap-excel/moi/")
        walk.shot("04-tai-len")
        walk.page.locator("input[type=file]").set_input_files(path)
        walk.page.locator("main form button[type=submit], main form input[type=submit]").first.click()
        walk.page.wait_for_url(re.compile("/cot/"))
        walk.shot("04-ghep-cot")
        walk.press("Kiểm tra")
        walk.page.wait_for_url(re.compile("/kiem-tra/"))
        walk.shot("04-kiem-tra")
        walk.press("Ghi ")
        walk.shot("04-da-ghi")
        walk.open("/nhap-excel/")
        walk.shot("04-cac-lan-nhap")


def cleaning(browser, address, folder: Path):
    """08: a messy sample list put right on the page, a likeness decided, the rest to be sent again."""
    with Walk(browser, address, "quantri") as walk:
        page = walk.page
        walk.open("/nhap-excel/tep-mau/")
        with page.expect_download() as download:
            page.locator("a[download][href*='mau-3'], a[href*='mau-3']").first.click()
        path = folder / "mau-3-co-quan-nhieu-loi.xlsx"
        download.value.save_as(path)
        send(walk, path)
        walk.shot("08-ghep-cot", tallest=760)
        walk.press("Kiểm tra")
        page.wait_for_url(re.compile("/kiem-tra/"))
        walk.shot("08-loi-gom-nhom", tallest=860)
        place = page.locator(".import-fix input[name=area_text]").first
        place.click()
        place.fill("An Đông")
        page.locator(".area-option").first.click()
        walk.shot("08-sua-mot-lan", tallest=700)
        page.locator(".import-fix").first.get_by_role("button", name="Áp dụng").click()
        page.wait_for_load_state("networkidle")
        page.locator("#cac-dong").evaluate("(part) => part.scrollIntoView()")
        page.screenshot(path=PICTURES / "08-sua-o.png")
        walk.press("Ghi ")
        walk.shot("08-con-lai", tallest=560)
        alike = folder / "ten-gan-giong.xlsx"
        with xlsxwriter.Workbook(alike) as book:
            sheet = book.add_worksheet("Trường")
            sheet.write_row(0, 0, ["Tên trường", "Xã/phường"])
            sheet.write_row(1, 0, ["Trường THCS Hương Giảng 1", "Phường An Đông"])
        send(walk, alike)
        walk.press("Kiểm tra")
        page.wait_for_url(re.compile("/kiem-tra/"))
        walk.press("Quyết định", "link")
        walk.shot("08-gan-giong", tallest=600)


def send(walk, path: Path):
    """Send a list and wait for its columns."""
    walk.open("/nhap-excel/moi/?sheet=units")
    walk.page.locator("input[type=file]").set_input_files(path)
    walk.page.locator("form[data-upload] [type=submit]").click()
    walk.page.wait_for_url(re.compile("/cot/"))


def write_officers(path: Path):
    """A list of officers as a department sends it; one row goes beyond the area."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Cán bộ")
    sheet.write("A1", "DANH SÁCH CÁN BỘ SỬ DỤNG CỔNG")
    sheet.write_row("A3", ("TT", "Họ và tên", "Tên đăng nhập", "Cấp bậc", "Đơn vị", "Chức năng", "SĐT", "Từ ngày"))
    officers = (
        ("Lê Thị Mẫu", "lethimau.andong", "Thượng úy", "Công an phường An Đông", "Nhập liệu"),
        ("Phạm Văn Mẫu", "phamvanmau.andong", "Thiếu tá", "Công an phường An Đông", "Lãnh đạo"),
        ("Vũ Thị Mẫu", "vuthimau.anlac", "Trung úy", "Công an phường An Lạc", "Nhập liệu"),
        ("Đỗ Văn Mẫu", "dovanmau.anphu", "Đại úy", "Công an phường An Phú", "Nhập liệu"),
        ("Hồ Thị Mẫu", "hothimau.anphu", "Đại úy", "Công an phường An Phú", "Chỉ đọc"),
        ("Bùi Văn Mẫu", "buivanmau.xa", "Đại úy", "Công an tỉnh Lào Cai", "Nhập liệu"),
    )
    for number, officer in enumerate(officers, start=1):
        sheet.write_row(number + 2, 0, (number, *officer, f"01002004{number:02d}", "01/07/2026"))
    book.close()


def officers_by_list(browser, address, folder: Path):
    """05: a list of officers, and the slips of their first passwords."""
    path = folder / "can-bo.xlsx"
    write_officers(path)
    with Walk(browser, address, "hethong") as walk:
        walk.open("/nhap-excel/moi/?sheet=officers")
        walk.page.locator("input[type=file]").set_input_files(path)
        walk.press("Tải lên và đọc")
        walk.page.wait_for_url(re.compile("/cot/"))
        walk.press("Kiểm tra")
        walk.page.wait_for_url(re.compile("/kiem-tra/"))
        walk.shot("05-nhap-danh-sach", tallest=900)
        walk.press("Ghi 5 dòng hợp lệ, để lại 1 dòng")
        walk.press("Cấp mật khẩu lần đầu", "link")
        walk.press("Cấp mật khẩu và hiện phiếu")
        walk.page.locator(".slips").wait_for()
        walk.shot("05-nhieu-phieu", tallest=720)


def out_and_back(browser, address, folder: Path):
    """09: the menu of exports, a workbook that goes out and comes back with a question, a pasted list."""
    with Walk(browser, address, "quantri") as walk:
        page = walk.page
        walk.open("/don-vi/?khoi=school")
        page.locator(".export-menu summary").click()
        walk.shot("09-xuat", tallest=520)
        path = folder / "so.xlsx"
        walk.open("/nhap-excel/gui-di-nhan-lai/units/")
        with page.expect_download() as download:
            page.get_by_role("button", name="Tải tệp về").click()
        download.value.save_as(path)
        walk.open("/nhap-excel/gui-di-nhan-lai/units/")
        walk.shot("09-gui-di", tallest=620)
        book = openpyxl.load_workbook(path)
        table = book.worksheets[0]
        header = next(row for row in table.iter_rows(max_row=12) if row[0].value == "Dấu dòng")
        columns = {cell.value: cell.column for cell in header}
        first = header[0].row + 1
        table.cell(first, columns["Người đứng đầu"]).value = "Nguyễn Thị Mẫu"
        book.save(path)
        walk.open(f"/don-vi/{table.cell(first, columns['Mã đơn vị']).value}/sua/")
        page.get_by_label("Người đứng đầu", exact=True).fill("Trần Văn Mẫu")
        walk.press("Lưu")
        walk.open("/nhap-excel/moi/?sheet=units")
        page.locator("input[type=file]").set_input_files(path)
        page.get_by_role("button", name="Tải lên và đọc").click()
        page.wait_for_url(re.compile("/cot/"), timeout=60_000)
        page.get_by_role("button", name="Kiểm tra").first.click()
        page.wait_for_url(re.compile("/kiem-tra/"), timeout=60_000)
        page.get_by_role("link", name=re.compile("Trả lời")).click()
        walk.shot("09-hoi-lai", tallest=520)
        walk.open("/don-vi/?khoi=school")
        names = page.locator(".list-table tbody a").all_inner_texts()[:12]
        walk.open("/don-vi/dan-danh-sach/")
        lines = [f"{at}. {name} - 0912.345.678" for at, name in enumerate(names, start=1)]
        page.locator("textarea").fill("\n".join(["Sở Nội", "Trường Mầm non không có trong sổ", *lines]))
        page.get_by_role("button", name="Nhận ra các đơn vị").click()
        page.locator(".units-told").wait_for()
        walk.shot("09-dan")
