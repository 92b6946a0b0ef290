package localdb

// meter tells how far an import has come, in goods.
type meter struct {
	tell  func(int)
	total int
	last  int
}

// Shares of the work, in per cent.
const (
	shareRead     = 25
	shareBarcodes = 5
	shareProducts = 25
	shareIndex    = 45
)

// meterStep is what figures are rounded to.
const meterStep = 1000

func newMeter(tell func(int)) *meter {
	if tell == nil {
		tell = func(int) {}
	}
	return &meter{tell: tell}
}

// read tells that so many lines were read. How many will come is not known yet.
func (m *meter) read(lines int) { m.at(lines * shareRead / 100) }

// part tells that done of all is done of a share of the work that comes after before per cent of it.
func (m *meter) part(before, share, done, all int) {
	m.at((m.total*before + m.total*share*done/max(all, 1)) / 100)
}

func (m *meter) at(goods int) {
	if goods -= goods % meterStep; goods > m.last {
		m.last = goods
		m.tell(goods)
	}
}

// end tells that all is done.
func (m *meter) end() {
	if m.total > m.last {
		m.tell(m.total)
	}
}
