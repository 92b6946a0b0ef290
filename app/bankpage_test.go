package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
)

// openBanks is the choice of banks in the settings.
func openBanks(t *testing.T) *counter {
	t.Helper()
	c := openSettings(t)
	c.find("банк для qr")
	c.press(fyne.KeyReturn)
	c.wantSays("Какой банк принимает QR?", "Т-Банк, СБП", "Райффайзенбанк, СБП")
	return c
}

func TestBankIsConnectedByKeysAndItsSecretNeverShown(t *testing.T) {
	c := openBanks(t)
	c.choose("4")
	c.wantTop("bank")
	c.press(fyne.KeyF10)
	c.wantSays("Не введено: Терминал")
	c.press(fyne.KeyReturn)
	c.Type("T")
	c.press(fyne.KeyReturn, fyne.KeyReturn) // the next one that is missing
	c.Type("s3cret-word")
	for _, text := range c.Texts() {
		if strings.Contains(text, "s3cret") {
			t.Fatalf("the password stands on the screen: %q", text)
		}
	}
	c.press(fyne.KeyReturn)
	c.wantSays("Всё нужное введено", "•••")
	c.press(fyne.KeyDown, fyne.KeyReturn) // the bank's address
	for range 60 {
		c.press(fyne.KeyBackspace)
	}
	c.Type(c.url)
	c.press(fyne.KeyReturn, fyne.KeyF10)
	c.wantTop("bank")
	c.wantSays("Банк не принял эти настройки", "Банк сообщает:")
	links, err := c.till.Connections(t.Context())
	if err != nil || links.Bank != "" {
		t.Fatalf("%+v, %v", links, err)
	}

	c.press(fyne.KeyUp, fyne.KeyReturn)
	c.Type("P")
	c.press(fyne.KeyReturn, fyne.KeyF10)
	fatal(t, c.Until("the bank", func() bool { return c.Says("Банк подключён") }))
	c.wantTop("settings")
	fatal(t, c.Until("the bank's name", func() bool { return c.Says("Т-Банк, СБП") }))
	c.until("the bank to answer", func(v till.View) bool { return v.Bank.Link == till.LinkUp && v.Bank.Name == "tbank" })

	c.press(fyne.KeyReturn)
	c.choose("4")
	c.wantSays("сохранено, не показывается", "Отключить")
	c.press(fyne.KeyF10) // the secret is kept
	fatal(t, c.Until("the bank", func() bool { return c.Says("Банк подключён") }))
	c.press(fyne.KeyReturn)
	c.choose("4")
	c.press(fyne.KeyF8, fyne.KeyReturn)
	fatal(t, c.Until("no bank", func() bool { return c.Says("Банк отключён") }))
	links, err = c.till.Connections(t.Context())
	if err != nil || links.Bank != "" {
		t.Fatalf("%+v, %v", links, err)
	}
}

func TestKeyOfABankComesFromAFileOrTheClipboardByTouch(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	fatal(t, os.WriteFile(filepath.Join(home, "key.pem"), []byte("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"), 0o600))
	fatal(t, os.WriteFile(filepath.Join(home, "photo.txt"), []byte("no key"), 0o600))
	c := openBanks(t)
	fatal(t, c.Tap("QRPay (провайдер МоегоСклада)"))
	fatal(t, c.Tap("Закрытый ключ"))
	fatal(t, c.Tap("Из файла"))
	fatal(t, c.Until("the files", func() bool { return c.Says("photo.txt") }))
	fatal(t, c.Tap("photo.txt"))
	fatal(t, c.Until("the refusal", func() bool { return c.Says("В этом файле нет ключа") }))
	fatal(t, c.Tap("key.pem"))
	fatal(t, c.Until("the key", func() bool { return c.Says("есть, 5") }))
	c.wantTop("bank")
	fatal(t, c.Tap("Закрытый ключ"))
	fatal(t, c.Tap("Стереть"))
	if c.Says("есть, 5") {
		t.Fatal("the key is still there")
	}
	c.App.Clipboard().SetContent("не ключ")
	fatal(t, c.Tap("Закрытый ключ"))
	fatal(t, c.Tap("Вставить скопированное"))
	c.wantSays("Скопирован не ключ")
	c.App.Clipboard().SetContent("\ufeff-----BEGIN RSA PRIVATE KEY-----\r\nMIIE\r\n-----END RSA PRIVATE KEY-----\r\n")
	fatal(t, c.Tap("Закрытый ключ"))
	fatal(t, c.Tap("Вставить скопированное"))
	c.wantSays("есть, ")
	fatal(t, c.Tap("Назад"))
	c.wantTop("settings")
}
