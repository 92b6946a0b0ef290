package app_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
)

// withPrinter is openSettings with a practice printer at the till.
func withPrinter(t *testing.T) (*counter, *printersim.Printer) {
	t.Helper()
	c := openSettings(t)
	p, address := paper(t)
	c.find("адрес принтера")
	c.press(fyne.KeyReturn)
	c.Type(address)
	c.press(fyne.KeyReturn)
	c.until("the printer", func(v till.View) bool { return v.Settings.Printer.Address == address })
	c.press(fyne.KeyEscape)
	return c, p
}

func printed(t *testing.T, p *printersim.Printer, n int) printersim.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	fatal(t, p.Wait(ctx, n))
	return p.Jobs()[n-1]
}

// A page with all ways to print letters comes out, and the line that somebody reads on it is how this printer prints.
func TestLettersAreMendedByTheLineThatCanBeRead(t *testing.T) {
	c, p := withPrinter(t)
	c.find("русские буквы")
	c.press(fyne.KeyReturn)
	c.choose("1")
	page := printed(t, p, 1).Text
	var line string
	_, all := escpos.Probe()
	for _, candidate := range all {
		if candidate.CodePage == (escpos.CodePage{Encoding: escpos.CP1251, Table: 46}) && !candidate.DoubleByteOff {
			line = strconv.Itoa(candidate.Number)
		}
	}
	if !strings.Contains(page, line+"  АБВГ абвг Ёё № 1234") {
		t.Fatalf("line %s cannot be read:\n%s", line, page)
	}
	c.wantTop("letters_line")
	c.Type("77")
	c.press(fyne.KeyReturn)
	c.wantSays("Такой строки нет")
	c.press(fyne.KeyBackspace, fyne.KeyBackspace)
	c.Type(line)
	c.press(fyne.KeyReturn)
	c.until("the letters", func(v till.View) bool {
		l := v.Settings.Printer.Letters
		return l.Known && l.CodePage == escpos.CodePage{Encoding: escpos.CP1251, Table: 46} && !l.DoubleByteOff
	})
	c.press(fyne.KeyEscape)
	c.find("пробный")
	c.press(fyne.KeyReturn)
	if job := printed(t, p, 2); !strings.Contains(job.Text, "ПРОБНАЯ ПЕЧАТЬ") || job.Unknown > 0 {
		t.Errorf("the test slip is\n%s", job.Text)
	}
}

func TestLettersAsPictures(t *testing.T) {
	c, p := withPrinter(t)
	c.find("русские буквы")
	c.press(fyne.KeyReturn)
	c.choose("3")
	c.until("pictures", func(v till.View) bool { return v.Settings.Printer.Letters.Text == escpos.TextPicture })
	c.press(fyne.KeyEscape)
	c.find("пробный")
	c.press(fyne.KeyReturn)
	if job := printed(t, p, 1); job.Pictures == 0 || strings.Contains(job.Text, "ПРОБНАЯ") {
		t.Errorf("%d pictures, and the text\n%s", job.Pictures, job.Text)
	}
	// Another kind of printer is another printer.
	c.press(fyne.KeyEscape)
	c.find("вид принтера")
	c.press(fyne.KeyReturn)
	c.choose("2")
	c.until("its own letters", func(v till.View) bool { return !v.Settings.Printer.Letters.Known })
}

func TestWrongAddressesAreExplained(t *testing.T) {
	c := openSettings(t)
	c.find("адрес принтера")
	for address, want := range map[string]string{
		"192.168.1.500":      "Нужны четыре числа",
		"192.168.1.5:99999":  "Порт — число",
		"http://printer/":    "Так к принтеру не подключиться",
		"serial:COM3?baud=1": "Скорость порта",
		"usb:lp0":            "Такого пути",
		"cups:a b":           "имя очереди",
	} {
		c.press(fyne.KeyReturn)
		c.Type(address)
		c.press(fyne.KeyReturn)
		c.wantSays(want)
		c.press(fyne.KeyEscape)
	}
	if got := c.settings().Printer.Address; got != "" {
		t.Errorf("the printer is at %q", got)
	}
}

// A slip that was cut off is decided from the printer's item in the bar, one by one.
func TestSlipsInDoubtAreDecidedOneByOne(t *testing.T) {
	c, p := withPrinter(t)
	fatal(t, p.BreakAt(printersim.Die, 60))
	c.find("пробный")
	c.press(fyne.KeyReturn)
	c.until("a slip in doubt", func(v till.View) bool { return v.Printer.Doubt == 1 })
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	fatal(t, c.Tap("Принтер"))
	c.press(fyne.KeyF9)
	c.wantTop("print_queue")
	c.wantSays("Пробный чек", "Связь с принтером оборвалась")
	c.press(fyne.KeyReturn)
	c.wantSays("Посмотрите на бумагу")
	c.press(fyne.KeyF5)
	c.until("a copy on paper", func(v till.View) bool { return v.Printer.Doubt == 0 && v.Printer.Waiting == 0 })
	if job := printed(t, p, 2); !strings.Contains(job.Text, "КОПИЯ") || !strings.Contains(job.Text, "ПРОБНАЯ ПЕЧАТЬ") {
		t.Errorf("the copy is\n%s", job.Text)
	}
}
