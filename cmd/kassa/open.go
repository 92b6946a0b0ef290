package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"kassa/app"
	"kassa/app/keyring"
	"kassa/app/practice"
	"kassa/app/sound"
	"kassa/app/till"
	"kassa/i18n"
	"kassa/localdb"
)

const openHelp = `kassa [--data DIR] [--practice] [--lang ru|en] [--windowed]

Opens the till. A new one asks for the shop's name and the owner's PIN first. With --practice it stands in a practice
shop: goods, staff, customers, a bank, a printer and, where PostgreSQL can be had, a central server, all on this machine;
no real money is taken. With --windowed it opens in a window even where the settings say that it fills the screen.

`

func openTill(ctx context.Context, args []string, s streams) int {
	began := time.Now()
	f := flag.NewFlagSet("kassa", flag.ContinueOnError)
	data := dataFlag(f)
	practising := f.Bool("practice", false, "open a practice shop, in a folder of its own beside the till's when --data names none")
	lang := f.String("lang", "", "ru or en; the last choice when empty")
	windowed := f.Bool("windowed", false, "open in a window, whatever the settings say")
	firstFrame := f.Bool("first-frame", false, "print the milliseconds from start to the first frame, and end")
	rest, code := parse(f, args, s, openHelp)
	if code >= 0 {
		return code
	}
	if len(rest) != 0 || *lang != "" && *lang != i18n.Russian && *lang != i18n.English {
		fmt.Fprint(s.err, openHelp)
		return exitUsage
	}
	if *practising && *data == defaultData() {
		*data += "-practice"
	}
	o := &opening{dir: *data, lang: *lang, practice: *practising, windowed: *windowed, streams: s}
	if *firstFrame {
		o.shown = func() { fmt.Fprintf(s.out, "%d\n", time.Since(began).Milliseconds()) }
	}
	if err := o.run(ctx); err != nil {
		code := fail(s, err)
		if !o.opened && !*firstFrame && ctx.Err() == nil {
			o.tell(ctx, err)
		}
		return code
	}
	return exitOK
}

// opening is what it takes to have a till on the screen.
type opening struct {
	dir, lang string
	practice  bool
	windowed  bool
	shown     func() // called when the first frame is drawn; the till then ends
	opened    bool   // the till's window was there
	streams   streams
}

func (o *opening) run(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	store, err := localdb.Open(ctx, localdb.Options{Dir: o.dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log, closeLog, err := openLog(o.dir)
	if err != nil {
		return err
	}
	defer closeLog()
	slips := o.lang
	if slips == "" {
		slips = i18n.Russian
	}
	language, err := i18n.Load(slips)
	if err != nil {
		return err
	}
	c := till.Config{Language: language, Version: version, Log: log, Keyring: keyring.New()}
	var staff []app.PracticeMember
	if o.practice {
		world, err := practice.Open(ctx, store, practice.Options{Progress: o.streams.err})
		if err != nil {
			return err
		}
		defer world.Close()
		c.Practice, c.PracticePay = true, world.Pay
		for _, m := range practice.Staff() {
			staff = append(staff, app.PracticeMember{Role: m.Role, PIN: m.PIN})
		}
	}
	if err := till.Connect(ctx, store, &c); err != nil {
		return err
	}
	t, err := till.New(ctx, c)
	if err != nil {
		return err
	}
	t.Start(ctx)
	defer t.Stop()
	sounds, err := sound.New(filepath.Join(o.dir, "sounds"), log)
	if err != nil {
		log.Warn("no sounds", "error", err)
	}
	defer sounds.Close()
	return o.show(ctx, t, app.Deps{Till: t, Language: o.lang, Windowed: o.windowed, Version: version, PracticeStaff: staff, Log: log,
		Sound: func(s app.Sound) { sounds.Play(sound.Signal(s)) }})
}

func (o *opening) show(ctx context.Context, t *till.Till, deps app.Deps) error {
	keepMemory()
	a := fyneapp.NewWithID(appID)
	w, err := app.New(a, deps)
	if err != nil {
		return err
	}
	defer w.Close()
	o.opened = true
	a.Lifecycle().SetOnStarted(func() {
		quitAfter(ctx, a)
		if o.shown != nil {
			fyne.Do(func() {
				w.Fyne().Canvas().Capture()
				o.shown()
				a.Quit()
			})
		}
	})
	w.ShowAndRun()
	return nil
}

// quitAfter ends the program's windows when somebody ends the program.
func quitAfter(ctx context.Context, a fyne.App) {
	go func() {
		<-ctx.Done()
		fyne.Do(a.Quit)
	}()
}

// openLog writes to kassa.log in the data folder; the file before it is kept as kassa.log.old. What a crash says goes
// to crash.log.
func openLog(dir string) (*slog.Logger, func(), error) {
	path := filepath.Join(dir, "kassa.log")
	if st, err := os.Stat(path); err == nil && st.Size() > 4<<20 {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, nil, fmt.Errorf("turning the log over: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log: %w", err)
	}
	if crash, err := os.OpenFile(filepath.Join(dir, "crash.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
		if err := debug.SetCrashOutput(crash, debug.CrashOptions{}); err == nil {
			crash.Close()
		}
	}
	return slog.New(slog.NewTextHandler(f, nil)), func() { f.Close() }, nil
}
