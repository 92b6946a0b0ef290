package nspk

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kassa/register"
)

// published are links that banks have published in their own documents or that stand in public code.
var published = []struct {
	id, kind, bank string
	sum            register.Money
	crc            string
}{
	{"AD10001BJPGUR9P18FHR8H8QLFMLV8SH", "02", "100000000111", 3, "1ABE"},
	{"AD100004BAL7227F9BNP6KNE007J9B3K", "02", "100000000007", 1, "AB75"},
	{"AS10003P3RH0LJ2A9ROO038L6NT5RU1M", "01", "000000000001", 10000, "F3D0"},
	{"BD10003PNOIEHROP87BQ88PETSL1UAOE", "02", "100000000004", 12300, "A72B"},
	{"BD20001KFVL3DTB188K8MHAE2JQ5L627", "02", "100000000004", 12300, "82B1"},
	{"BD1000140UGULHTI8TFB015KNF1ORSCR", "02", "100000000004", 20000, "C736"},
	{"AD10000VSJ7BMQUT8N98DPTONNQUS8H4", "02", "100000000004", 500000, "C34E"},
	{"AD100063TR1PHNHV99NQHKK7T6IPHJJ5", "02", "100000000008", 2242200, "B0DB"},
	{"BD10006LQ6LNI7R88AJBQP5AE5GEBSNT", "02", "100000000015", 10000, "B4F7"},
}

func TestPublishedLinks(t *testing.T) {
	for _, p := range published {
		t.Run(p.id, func(t *testing.T) {
			want := Link{ID: p.id, Type: p.kind, Bank: p.bank, Sum: p.sum, Currency: "RUB"}
			link := Make(want)
			if !strings.HasSuffix(link, "&crc="+p.crc) {
				t.Errorf("made %s, published with %s", link, p.crc)
			}
			want.CRC = CRCRight
			if got, err := Parse(link); err != nil || got != want {
				t.Errorf("read %+v, %v", got, err)
			}
		})
	}
}

func TestCheckValueOfTheCRC(t *testing.T) {
	if got := crc16("123456789"); got != 0x29B1 {
		t.Errorf("%04X, the catalogue of CRCs says 29B1", got)
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, link string
		want       Link
		err        error
	}{
		{name: "no query", link: "https://qr.nspk.ru/BD1010", want: Link{ID: "BD1010"}},
		{name: "wrong checksum", link: "https://qr.nspk.ru/AD1?sum=5&crc=0000", want: Link{ID: "AD1", Sum: 5, CRC: CRCWrong}},
		{name: "no checksum", link: "https://qr.nspk.ru/AD1?type=02&cur=RUB", want: Link{ID: "AD1", Type: "02", Currency: "RUB"}},
		{name: "host in capitals", link: "HTTPS://QR.NSPK.RU/AD1", want: Link{ID: "AD1"}},
		{name: "host with a port", link: "https://qr.nspk.ru:443/AD1", want: Link{ID: "AD1"}},
		{name: "host with a dot", link: "https://qr.nspk.ru./AD1", want: Link{ID: "AD1"}},
		{name: "something new", link: "https://qr.nspk.ru/AD1?x=1&sum=7", want: Link{ID: "AD1", Sum: 7}},
		{name: "empty", link: "", err: ErrNotLink},
		{name: "no id", link: "https://qr.nspk.ru/", err: ErrNotLink},
		{name: "another host", link: "https://sberbank.ru/qr/?dynamicQr=1", err: ErrNotLink},
		{name: "host as a prefix", link: "https://qr.nspk.ru.example/AD1", err: ErrNotLink},
		{name: "a user before the host", link: "https://qr.nspk.ru@example/AD1", err: ErrNotLink},
		{name: "not encrypted", link: "http://qr.nspk.ru/AD1", err: ErrNotLink},
		{name: "too long", link: "https://qr.nspk.ru/" + strings.Repeat("A", 2000), err: ErrNotLink},
		{name: "sum in roubles", link: "https://qr.nspk.ru/AD1?sum=1.50", err: ErrSum},
		{name: "sum below zero", link: "https://qr.nspk.ru/AD1?sum=-5", err: ErrSum},
		{name: "sum without end", link: "https://qr.nspk.ru/AD1?sum=99999999999999999999", err: ErrSum},
		{name: "sum of nothing", link: "https://qr.nspk.ru/AD1?sum=0", err: ErrSum},
		{name: "two sums", link: "https://qr.nspk.ru/AD1?sum=5&sum=6", err: ErrSum},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.link)
			if !errors.Is(err, c.err) || got != c.want {
				t.Errorf("%+v, %v; want %+v, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, link string
		err        error
	}{
		{"the sum that was asked for", Make(Link{ID: "AD1", Sum: 500, Currency: "RUB"}), nil},
		{"no sum", "https://qr.nspk.ru/AD1", nil},
		{"a wrong checksum", "https://qr.nspk.ru/AD1?sum=500&crc=0000", nil},
		{"another system", "https://sberbank.ru/qr/?dynamicQr=1", nil},
		{"another sum", Make(Link{ID: "AD1", Sum: 501}), ErrSum},
		{"another sum, not encrypted", "http://qr.nspk.ru/AD1?sum=501", ErrSum},
		{"another sum, with a port", "https://qr.nspk.ru:443/AD1?sum=501", ErrSum},
		{"another currency", Make(Link{ID: "AD1", Sum: 500, Currency: "USD"}), ErrSum},
		{"an unreadable sum", "https://qr.nspk.ru/AD1?sum=5oo", ErrSum},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Check(c.link, 500); !errors.Is(err, c.err) {
				t.Errorf("%v, want %v", err, c.err)
			}
		})
	}
}

func TestWhatIsMadeIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Link{
			ID:       rapid.StringMatching(`[AB][SD][A-Z0-9]{30}`).Draw(t, "id"),
			Type:     rapid.SampledFrom([]string{"", TypeStatic, TypeDynamic}).Draw(t, "type"),
			Bank:     rapid.StringMatching(`([0-9]{12})?`).Draw(t, "bank"),
			Sum:      register.Money(rapid.Int64Range(0, int64(register.MaxMoney)).Draw(t, "sum")),
			Currency: rapid.SampledFrom([]string{"", "RUB"}).Draw(t, "currency"),
		}
		link := Make(want)
		if strings.Contains(link, "?") {
			want.CRC = CRCRight
		}
		if got, err := Parse(link); err != nil || got != want {
			t.Fatalf("%s: %+v, %v", link, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, p := range published {
		f.Add(Make(Link{ID: p.id, Type: p.kind, Bank: p.bank, Sum: p.sum, Currency: "RUB"}))
	}
	f.Add("https://qr.nspk.ru/BD1010?sum=&crc=&crc=1")
	f.Fuzz(func(t *testing.T, link string) {
		l, err := Parse(link)
		if err != nil && l != (Link{}) {
			t.Errorf("a link that was not read says %+v", l)
		}
		if err == nil && (l.ID == "" || l.Sum < 0 || l.Sum > register.MaxMoney) {
			t.Errorf("%q says %+v", link, l)
		}
		if err == nil && Check(link, l.Sum) != nil && l.Currency == "" {
			t.Errorf("%q does not pass with its own sum", link)
		}
	})
}
