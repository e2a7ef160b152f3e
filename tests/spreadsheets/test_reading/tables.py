"""Tables as they are read."""

HEADERS = ["Tên đơn vị", "Mã số thuế", "Địa chỉ"]


ROWS = [["Trường Bình Khánh", "0101234567", "Số 1, đường Nguyễn Huệ; Xã Mẫu"], ["Công ty “Ước Mơ”", "0301", "Ấp 2"]]


def cells(table, index=0):
    return [row.cells for row in table.sheets[index].rows]


def only_row(table):
    (row,) = cells(table)
    return row
