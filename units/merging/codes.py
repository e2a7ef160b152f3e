"""Under which the codes of a record that is gone stand among the other codes of the unit that is left."""

OLD_CODE, OLD_TAX_CODE, OLD_SCHOOL_CODE = "Mã đơn vị đã gộp", "Mã số thuế đã gộp", "Mã trường đã gộp"
FORMER_CODES = (OLD_CODE, OLD_TAX_CODE, OLD_SCHOOL_CODE)
