// Package practice sets a till up in a practice shop: a catalogue, a cashier, and a practice world of a bank, a receipt
// printer, a fiscal registrar and, where PostgreSQL can be had, a central server. The world is a program of its own, kassa-sim, that talks
// the real protocols on loopback; the till does not know that no real money is behind them.
package practice

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"kassa/app/pricelist"
	"kassa/app/till"
	"kassa/assets/catalogue"
	"kassa/banks"
	"kassa/fiscal"
	"kassa/localdb"
	"kassa/register"
	"kassa/sync/client"
	"kassa/sync/wire"
)

// PIN is the practice owner's.
const PIN = "1111"

// Member is one of the practice shop's staff.
type Member struct {
	ID   string
	Name string
	Role till.Role
	PIN  string
}

// Staff are those who work in the practice shop, so that leave can be asked for and given.
func Staff() []Member {
	return []Member{
		{ownerID, "Иванова А.", till.RoleOwner, PIN},
		{"practice-senior", "Петрова М.", till.RoleSenior, "2222"},
		{"practice-cashier", "Сидоров К.", till.RoleCashier, "3333"},
	}
}

// customers are some who come again, with their cards.
func customers() []register.Customer {
	return []register.Customer{
		{ID: "practice-1", Name: "Орлова Татьяна", Phone: "+79160000001", Card: "2900000000018", Discount: 500},
		{ID: "practice-2", Name: "Кузнецов Павел", Phone: "+79160000002", Card: "2900000000025", Discount: 1000},
		{ID: "practice-3", Name: "ООО «Луч»", Email: "zakaz@luch.example"},
	}
}

// favourites are the codes of goods that are sold without a barcode, or all day long.
func favourites() []string { return []string{"1", "16", "24", "25", "6", "17"} }

// The practice bank's terminal. Nothing real opens with them.
const (
	terminal = "PracticeDEMO"
	password = "practice-password"
)

// FileName is where the world's addresses are written, in the data folder, for whoever wants to look behind the scenes.
const FileName = "practice.json"

// startTimeout bounds the start of the world: a database cluster takes its time on a small machine.
const startTimeout = 2 * time.Minute

// ErrRealTill tells that a data folder holds a till that was set up for a real shop. Practice would overwrite its
// settings, and its sales would go to the practice server.
var ErrRealTill = errors.New("practice: this data folder belongs to a real till, practise in another one (--data)")

// Options of Open.
type Options struct {
	Sim      string    // the program kassa-sim; beside this program when empty
	Progress io.Writer // told what takes long
}

// addresses are the world's, as kassa-sim prints them.
type addresses struct {
	Bank           string        `json:"bank"`
	BankControl    string        `json:"bank_control"`
	Printer        string        `json:"printer"`
	PrinterControl string        `json:"printer_control"`
	PrinterOut     string        `json:"printer_out"`
	Fiscal         fiscalAddress `json:"fiscal"`
	Server         string        `json:"server,omitempty"`
	PairCode       string        `json:"pair_code,omitempty"`
	OwnerLogin     string        `json:"owner_login,omitempty"`
	OwnerPassword  string        `json:"owner_password,omitempty"`
	NoServer       string        `json:"no_server,omitempty"` // why there is no server
}

// fiscalAddress is where the fiscal registrar is, and what its driver takes.
type fiscalAddress struct {
	Name     string          `json:"name"`
	URL      string          `json:"url"`
	Control  string          `json:"control"`
	Out      string          `json:"out,omitempty"`
	Settings fiscal.Settings `json:"settings"`
}

// World is a practice world that runs.
type World struct {
	addresses
	cmd   *exec.Cmd
	stdin io.Closer
}

// Open starts a practice world and sets the till's database up for it. The error is ErrRealTill for a database that is
// not a practice shop's, or what went wrong.
func Open(ctx context.Context, store *localdb.Store, o Options) (*World, error) {
	if err := leaveReal(ctx, store); err != nil {
		return nil, err
	}
	if o.Sim == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("looking for kassa-sim: %w", err)
		}
		o.Sim = filepath.Join(filepath.Dir(self), "kassa-sim")
		if runtime.GOOS == "windows" {
			o.Sim += ".exe"
		}
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	fmt.Fprintln(o.Progress, "Opening the practice shop: bank, printer, registrar and server…")
	w, err := start(ctx, o.Sim, filepath.Join(store.Dir(), "paper"))
	if err != nil {
		return nil, err
	}
	if err := w.setUp(ctx, store); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if w.Server == "" {
		fmt.Fprintf(o.Progress, "No practice server (%s): the till asks the practice bank itself.\n", w.NoServer)
	} else {
		fmt.Fprintf(o.Progress, "Back office: %s  login %s  password %s\n", w.Server, w.OwnerLogin, w.OwnerPassword)
	}
	return w, nil
}

// ownerID is the practice owner's, by which a practice shop is known.
const ownerID = "practice"

// leaveReal refuses a database in which anything was set up and not by a practice world.
func leaveReal(ctx context.Context, store *localdb.Store) error {
	cashiers, err := store.Cashiers(ctx)
	if err != nil {
		return err
	}
	for _, c := range cashiers {
		if c.ID == ownerID {
			return nil
		}
	}
	found := len(cashiers) > 0
	for _, name := range []string{till.SettingShop, till.SettingPrinter, till.SettingFiscal, till.SecretServer, till.SecretBank, till.SecretFiscal} {
		var value json.RawMessage
		set, err := store.Setting(ctx, name, &value)
		if err != nil {
			return err
		}
		found = found || set
	}
	if found {
		return ErrRealTill
	}
	return nil
}

// start runs kassa-sim and waits for its addresses. It ends when its standard input is closed, by Close or by this
// process dying.
func start(ctx context.Context, sim, out string) (*World, error) {
	cmd := exec.Command(sim, "all", "--ready", "--until-stdin-closes", "--server", "--fiscal", "--out", out,
		"--tbank-terminal", terminal, "--tbank-password", password)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the practice world: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the practice world: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the practice world: %w", err)
	}
	w := &World{cmd: cmd, stdin: stdin}
	ready := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(io.LimitReader(stdout, 64<<10)).ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &w.addresses)
		}
		ready <- err
	}()
	select {
	case err = <-ready:
	case <-ctx.Done():
		err = ctx.Err()
	case <-time.After(startTimeout):
		err = errors.New("it does not answer")
	}
	if err != nil {
		w.cmd.Process.Kill()
		w.cmd.Wait()
		return nil, fmt.Errorf("starting the practice world: %w", err)
	}
	return w, nil
}

// Close ends the world.
func (w *World) Close() error {
	w.stdin.Close()
	timer := time.AfterFunc(15*time.Second, func() { w.cmd.Process.Kill() })
	defer timer.Stop()
	if err := w.cmd.Wait(); err != nil {
		return fmt.Errorf("ending the practice world: %w", err)
	}
	return nil
}

// setUp writes the world into the till's settings, and the staff, customers and goods on the first day.
func (w *World) setUp(ctx context.Context, store *localdb.Store) error {
	steps := []func() error{
		func() error { return staff(ctx, store) }, // first, for its owner marks the folder as a practice shop's
		func() error { return firstDay(ctx, store) },
		func() error { return w.devices(ctx, store) },
		func() error { return w.connect(ctx, store) },
		func() error { return w.write(filepath.Join(store.Dir(), FileName)) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("setting up the practice shop: %w", err)
		}
	}
	return nil
}

// devices has the till print on the practice printer, and make its receipts at the practice registrar. The registrar prints
// them itself; the till's own slips come out of the printer beside them, so that both can be looked at.
func (w *World) devices(ctx context.Context, store *localdb.Store) error {
	s, err := till.LoadSettings(ctx, store)
	if err != nil {
		return err
	}
	s.Shop = till.Shop{Name: "Ромашка", Address: "г. Москва, ул. Лесная, 5", INN: "7700000009", Till: "1", Footer: "Спасибо за покупку!"}
	s.Printer = till.PrinterSettings{Address: w.Printer, Profile: "generic80"}
	if err := till.SaveSettings(ctx, store, s); err != nil {
		return err
	}
	return till.SaveFiscal(ctx, store, till.FiscalSettings{Driver: w.Fiscal.Name, OwnSlips: true}, w.Fiscal.Settings)
}

func staff(ctx context.Context, store *localdb.Store) error {
	for _, m := range Staff() {
		hash, err := till.HashPIN(m.PIN)
		if err != nil {
			return err
		}
		if err := store.SetCashier(ctx, localdb.Cashier{ID: m.ID, Name: m.Name, PINHash: hash, Role: string(m.Role)}); err != nil {
			return err
		}
	}
	return nil
}

// firstDay fills a shop that has no goods yet: goods, favourites and customers, and returns without a receipt allowed.
func firstDay(ctx context.Context, store *localdb.Store) error {
	groups, err := store.Groups(ctx, "")
	if err != nil || len(groups) > 0 {
		return err
	}
	list, err := pricelist.NewReader(catalogue.Demo())
	if err != nil {
		return err
	}
	if _, err := store.ImportGoods(ctx, list.Good(nil), nil); err != nil {
		return err
	}
	for _, code := range favourites() {
		p, err := store.ProductByCode(ctx, code)
		if err != nil {
			return err
		}
		if err := store.SetFavourite(ctx, p.ID, true); err != nil {
			return err
		}
	}
	for _, c := range customers() {
		if err := store.SetCustomer(ctx, c); err != nil {
			return err
		}
	}
	s, err := till.LoadSettings(ctx, store)
	if err != nil {
		return err
	}
	s.ReturnWithoutSale = true
	return till.SaveSettings(ctx, store, s)
}

// connect pairs the till with the practice server, or gives it the practice bank itself.
func (w *World) connect(ctx context.Context, store *localdb.Store) error {
	var server till.ServerSettings
	bank, values := "", banks.Settings(nil)
	if w.Server == "" {
		bank, values = "tbank", banks.Settings{banks.FieldURL: w.Bank, "terminal": terminal, "password": password}
	} else {
		p, err := client.Pair(ctx, w.Server, wire.Pair{Code: w.PairCode, Name: "1", Version: "practice"})
		if err != nil {
			return err
		}
		server = till.ServerSettings{URL: w.Server, Till: p.Till, Store: p.Store, Secret: p.Secret}
	}
	return errors.Join(store.SetSecret(ctx, till.SecretServer, server), till.SaveBank(ctx, store, nil, bank, values))
}

func (w *World) write(path string) error {
	b, err := json.MarshalIndent(w.addresses, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o600)
}

// Pay plays the buyer: it pays a code at the practice bank.
func (w *World) Pay(ctx context.Context, bankID string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.BankControl+"payments/"+url.PathEscape(bankID)+"/pay", nil)
	if err != nil {
		return fmt.Errorf("paying at the practice bank: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("paying at the practice bank: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("paying at the practice bank: answer %d", res.StatusCode)
	}
	return nil
}
