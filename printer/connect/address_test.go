package connect_test

import (
	"errors"
	"strings"
	"testing"

	"kassa/printer/connect"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want connect.Address
		back string // as it is kept; the text itself when empty
	}{
		{"192.168.1.50:9100", connect.Address{Way: connect.Network, Place: "192.168.1.50:9100"}, ""},
		{" 192.168.1.50 ", connect.Address{Way: connect.Network, Place: "192.168.1.50:9100"}, "192.168.1.50:9100"},
		{"tcp://10.0.0.7:9101/", connect.Address{Way: connect.Network, Place: "10.0.0.7:9101"}, "10.0.0.7:9101"},
		{"till-printer:9100", connect.Address{Way: connect.Network, Place: "till-printer:9100"}, ""},
		{"принтер.local", connect.Address{Way: connect.Network, Place: "принтер.local:9100"}, "принтер.local:9100"},
		{"[fe80::1%eth0]:9100", connect.Address{Way: connect.Network, Place: "[fe80::1%eth0]:9100"}, ""},
		{"fe80::1", connect.Address{Way: connect.Network, Place: "[fe80::1]:9100"}, "[fe80::1]:9100"},
		{"usb:/dev/usb/lp0", connect.Address{Way: connect.USB, Place: "/dev/usb/lp0"}, ""},
		{"/dev/usb/lp1", connect.Address{Way: connect.USB, Place: "/dev/usb/lp1"}, "usb:/dev/usb/lp1"},
		{"usb:serial=X3F0 123", connect.Address{Way: connect.USB, USB: "X3F0 123"}, ""},
		{"serial:/dev/ttyUSB0?baud=115200", connect.Address{Way: connect.Serial, Place: "/dev/ttyUSB0", Baud: 115200}, ""},
		{"SERIAL:/dev/ttyS1", connect.Address{Way: connect.Serial, Place: "/dev/ttyS1", Baud: 9600}, "serial:/dev/ttyS1"},
		{"serial:com3", connect.Address{Way: connect.Serial, Place: "COM3", Baud: 9600}, "serial:COM3"},
		{"COM12", connect.Address{Way: connect.Serial, Place: "COM12", Baud: 9600}, "serial:COM12"},
		{"cups:Receipts_1", connect.Address{Way: connect.CUPS, Place: "Receipts_1"}, ""},
		{"windows:Чековый принтер #1", connect.Address{Way: connect.Windows, Place: "Чековый принтер #1"}, ""},
		{"windows:\\\\server\\till", connect.Address{Way: connect.Windows, Place: "\\\\server\\till"}, ""},
		{"file:/var/spool/kassa/", connect.Address{Way: connect.File, Place: "/var/spool/kassa"}, "file:/var/spool/kassa"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := connect.Parse(tt.text)
			if err != nil || got != tt.want {
				t.Fatalf("%+v, %v, want %+v", got, err, tt.want)
			}
			back := tt.back
			if back == "" {
				back = tt.text
			}
			if got.String() != back {
				t.Errorf("kept as %q, want %q", got, back)
			}
			if p, err := connect.Open(tt.text); err != nil || p == nil {
				t.Errorf("no way there: %v", err)
			}
		})
	}
}

func TestBadAddresses(t *testing.T) {
	tests := []struct {
		text string
		want connect.Reason
	}{
		{"", connect.NoAddress},
		{"  ", connect.NoAddress},
		{strings.Repeat("a", 300), connect.TooLong},
		{"bluetooth:00:11", connect.BadWay},
		{"http://192.168.1.50/", connect.BadWay},
		{"usb:/dev/usb/lp0\n", ""},
		{"a\x00b", connect.BadWay},
		{"192.168.1.50:", connect.BadPort},
		{"192.168.1.50:0", connect.BadPort},
		{"192.168.1.50:09100", connect.BadPort},
		{"192.168.1.50:99999", connect.BadPort},
		{"192.168.1.500", connect.BadHost},
		{"192.168.1", connect.BadHost},
		{":9100", connect.BadHost},
		{"a b", connect.BadHost},
		{"shop@printer", connect.BadHost},
		{"-x:9100", connect.BadHost},
		{"usb:lp0", connect.BadPath},
		{"usb:/dev/../etc/passwd", connect.BadPath},
		{"usb:/etc/passwd", connect.BadPath},
		{"usb:serial=", connect.BadSerial},
		{"serial:COM0", connect.BadPath},
		{"serial:ttyUSB0", connect.BadPath},
		{"serial:COM3?baud=fast", connect.BadBaud},
		{"serial:COM3?baud=12", connect.BadBaud},
		{"serial:COM3?parity=even", connect.BadBaud},
		{"cups:-o", connect.BadQueue},
		{"cups:a b", connect.BadQueue},
		{"cups:", connect.BadQueue},
		{"windows:", connect.BadQueue},
		{"file:receipts", connect.BadPath},
		{"file:/", connect.BadPath},
		{"file://server/share", connect.BadPath},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			_, err := connect.Parse(tt.text)
			var bad *connect.Error
			switch {
			case tt.want == "":
				if err != nil {
					t.Error(err) // a line's end is no part of an address
				}
			case !errors.As(err, &bad) || bad.Reason != tt.want:
				t.Errorf("%v, want %q", err, tt.want)
			}
			if p, err := connect.Open(tt.text); (err == nil) != (tt.want == "") || (p == nil) != (err != nil) {
				t.Errorf("opened: %v, %v", p, err)
			}
		})
	}
}

// FuzzParse: what is taken is kept and taken again as the same place.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"192.168.1.50:9100", "tcp://a", "usb:/dev/usb/lp0", "usb:serial=1", "serial:COM1?baud=1200", "cups:q", "windows:q", "file:/a", "fe80::1%a", "::", "COM1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := connect.Parse(text)
		if err != nil {
			var bad *connect.Error
			if !errors.As(err, &bad) || bad.Reason == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := connect.Parse(a.String())
		if err != nil || again != a {
			t.Fatalf("%q: %+v is kept as %q, which is %+v, %v", text, a, a, again, err)
		}
	})
}
