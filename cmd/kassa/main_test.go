package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"kassa/localdb"
)

// kassa runs a command as a shell would.
func kassa(t *testing.T, stdin string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(stdin), &o, &e})
	return o.String(), e.String(), code
}

func listFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
	}{
		{"help", []string{"--help"}, exitOK},
		{"help of a command", []string{"import", "--help"}, exitOK},
		{"help of the till", []string{"--lang", "ru", "--help"}, exitOK},
		{"version", []string{"version"}, exitOK},
		{"no such command", []string{"sell"}, exitUsage},
		{"no such flag", []string{"check", "--deep"}, exitUsage},
		{"no file", []string{"import"}, exitUsage},
		{"export of nothing", []string{"export"}, exitUsage},
		{"export in no format", []string{"export", "goods", "--format", "xml"}, exitUsage},
		{"another language", []string{"--lang", "de"}, exitUsage},
		{"nothing to set", []string{"set"}, exitUsage},
		{"pairing with nobody", []string{"pair"}, exitUsage},
		{"a cashier with no name", []string{"cashier"}, exitUsage},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, code := kassa(t, "", c.args...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if (code == exitOK) != (errs == "") || (code == exitOK) != (out != "") {
				t.Errorf("on standard output %q, on standard error %q", out, errs)
			}
		})
	}
}

func TestImportAndExport(t *testing.T) {
	data := t.TempDir()
	list := listFile(t, "barcode,name,price,vat,unit\n4600000000017,Молоко,84.90,10,pcs\n,Без цены,,10,pcs\n4600000000024,Сыр,749,10,kg\n")
	out, errs, code := kassa(t, "", "import", list, "--yes", "--data", data)
	if code != exitFailed || !strings.Contains(out, "2 goods can be imported, 1 lines cannot be read") || !strings.Contains(errs, "line 3: the price cannot be read") ||
		!strings.Contains(errs, "nothing was changed") {
		t.Errorf("with a bad line: %d\n%s%s", code, out, errs)
	}
	if _, errs, code = kassa(t, "", "import", list, "--skip-bad", "--data", data); code != exitFailed || !strings.Contains(errs, "nothing was changed") {
		t.Errorf("without --yes: %d\n%s", code, errs)
	}
	if _, errs, code := kassa(t, "", "export", "goods", "--data", data); code != exitFailed || !strings.Contains(errs, "there is no till") {
		t.Errorf("something was written without a yes: %d, %s", code, errs)
	}
	out, errs, code = kassa(t, "", "import", list, "--skip-bad", "--yes", "--data", data)
	if code != exitPartly || !strings.Contains(out, "2 new") || !strings.Contains(errs, "1 lines were left out") {
		t.Errorf("with --yes: %d\n%s%s", code, out, errs)
	}
	out, _, code = kassa(t, "", "export", "goods", "--data", data)
	if code != exitOK || !strings.Contains(out, "4600000000017,,,Молоко,,,,84.90,10,pcs,,,,,\n") {
		t.Errorf("exported: %d\n%s", code, out)
	}
	for _, format := range []string{"csv", "csv-excel", "xlsx"} {
		// What was exported can be imported, and changes nothing.
		if out, _, code = kassa(t, "", "export", "goods", "--format", format, "--data", data); code != exitOK {
			t.Fatalf("%s: %d", format, code)
		}
		out, errs, code = kassa(t, "", "import", listFile(t, out), "--yes", "--data", data)
		if code != exitOK || !strings.Contains(out, "0 new, 0 changed, 2 as they were") {
			t.Errorf("%s imported again: %d\n%s%s", format, code, out, errs)
		}
	}
	out, _, code = kassa(t, "", "export", "goods", "--format", "jsonl", "--data", data)
	var p struct{ Name string }
	if line, _, _ := strings.Cut(out, "\n"); code != exitOK || json.Unmarshal([]byte(line), &p) != nil || p.Name != "Молоко" {
		t.Errorf("as JSON: %d\n%s", code, out)
	}
}

func TestSayingWhichColumnHoldsWhat(t *testing.T) {
	data := t.TempDir()
	list := listFile(t, "Прайс на май\n\nТовар;Опт;Розница;Код\nМолоко;70;84,90;1\nХлеб;30;39,90;2\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		out  string
	}{
		{"as guessed", nil, exitOK, "84.90"},
		{"another price", []string{"--map", "price=2", "--vat", "none"}, exitOK, "70.00  -"},
		{"by letter", []string{"--map", "price=B,code=0"}, exitOK, "70.00"},
		{"no such column", []string{"--map", "price=9"}, exitFailed, ""},
		{"no such field", []string{"--map", "colour=1"}, exitFailed, ""},
		{"no price", []string{"--map", "price=0"}, exitFailed, ""},
		{"no such rate", []string{"--vat", "21"}, exitFailed, ""},
		{"a sheet of a text", []string{"--sheet", "Лист1"}, exitFailed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, code := kassa(t, "", append([]string{"import", list, "--yes", "--data", data}, c.args...)...)
			if code != c.code || !strings.Contains(out, c.out) || (code != exitOK) != (errs != "") {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
		})
	}
}

func TestWhatIsNoPriceList(t *testing.T) {
	for _, text := range []string{"", "\xff\xd8\xff\xe0 JPEG", "name\nМолоко\n"} {
		if _, errs, code := kassa(t, "", "import", listFile(t, text), "--yes", "--data", t.TempDir()); code != exitFailed || errs == "" {
			t.Errorf("%q: %d, %s", text, code, errs)
		}
	}
	if _, errs, code := kassa(t, "", "import", filepath.Join(t.TempDir(), "nothing.csv"), "--data", t.TempDir()); code != exitFailed || errs == "" {
		t.Errorf("a file that is not there: %d, %s", code, errs)
	}
}

func TestATillThatIsOpen(t *testing.T) {
	data := t.TempDir()
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, errs, code := kassa(t, "", "check", "--data", data); code != exitInUse || !strings.Contains(errs, "nothing was changed") {
		t.Errorf("exit code %d, %s", code, errs)
	}
}

func TestSettingUp(t *testing.T) {
	keyring.MockInit() // nothing is kept in the keyring of whoever tests
	data := t.TempDir()
	for _, c := range []struct {
		name, stdin string
		args        []string
		code        int
	}{
		{"the shop", "", []string{"set", "shop=Ромашка", "inn=7700000009", "till=1", "printer=127.0.0.1:9100", "profile=generic58"}, exitOK},
		{"a taxpayer's number with a mistake", "", []string{"set", "inn=7700000008"}, exitUsage},
		{"words to the buyer on two lines", "", []string{"set", "footer=Спасибо!\nЖдём вас снова."}, exitOK},
		{"too many of them", "", []string{"set", "footer=1\n2\n3\n4\n5\n6\n7"}, exitUsage},
		{"no such name", "", []string{"set", "colour=red"}, exitUsage},
		{"no such profile", "", []string{"set", "profile=magic"}, exitUsage},
		{"a printer at no port", "", []string{"set", "printer=192.168.1.50:99999"}, exitUsage},
		{"a bank in the open", "password\n", []string{"bank", "tbank", "--set", "terminal=T", "--set", "url=http://bank.example"}, exitFailed},
		{"a bank with no password", "\n", []string{"bank", "tbank", "--set", "terminal=T"}, exitFailed},
		{"a bank that there is not", "", []string{"bank", "piggy"}, exitUsage},
		{"a field that the bank has not", "", []string{"bank", "tbank", "--set", "colour=red"}, exitUsage},
		{"a password on the command line", "", []string{"bank", "tbank", "--set", "password=1"}, exitUsage},
		{"the banks", "", []string{"bank"}, exitOK},
		{"the owner", "1234\n", []string{"cashier", "Анна"}, exitOK},
		{"a cashier with the owner's PIN", "1234\n", []string{"cashier", "Вера"}, exitFailed},
		{"a senior cashier", "2345\n", []string{"cashier", "Вера", "--role", "senior"}, exitOK},
		{"no such role", "3456\n", []string{"cashier", "Зоя", "--role", "boss"}, exitUsage},
		{"a PIN of letters", "abcd\n", []string{"cashier", "Анна"}, exitFailed},
		{"a PIN too short", "1\n", []string{"cashier", "Анна"}, exitFailed},
		{"a bank", "password\n", []string{"bank", "tbank", "--set", "terminal=T", "--set", "url=https://bank.example/v2/"}, exitOK},
		{"no bank", "", []string{"bank", "none"}, exitOK},
		{"a server that would be spoken to in the open", "", []string{"pair", "--server", "http://kassa.example", "--code", "X"}, exitFailed},
		{"a server that is not there", "", []string{"pair", "--server", "http://127.0.0.1:1", "--code", "X"}, exitFailed},
		{"all is well", "", []string{"check", "--format", "json"}, exitOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, code := kassa(t, c.stdin, append(c.args, "--data", data)...)
			if code != c.code || (code != exitOK) != (errs != "") {
				t.Errorf("exit code %d, want %d\n%s%s", code, c.code, out, errs)
			}
			if strings.Contains(out+errs, "password\n") || strings.Contains(out+errs, "1234") {
				t.Errorf("a secret was printed: %s%s", out, errs)
			}
		})
	}
}
