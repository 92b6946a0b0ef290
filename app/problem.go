package app

import (
	"errors"
	"fmt"
	"strings"

	"kassa/app/till"
	"kassa/register"
)

// sentence is what a cashier reads of an error: what happened, and then what was kept and what to do.
func (w *Window) sentence(err error) (title, rest string) {
	var r *refusal
	if errors.As(err, &r) {
		return halves(w.T(r.key, r.args...))
	}
	var p *till.Problem
	if !errors.As(err, &p) {
		return halves(w.T("app.error.unexpected"))
	}
	return halves(w.T(problemKey(p.Code), w.written(p.Args)...))
}

// code is the problem's code, empty when err is none.
func code(err error) till.Code {
	var p *till.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func problemKey(c till.Code) string { return "problem." + string(c) }

// trouble is the sentence of a state that is not an error of something the cashier did.
func (w *Window) trouble(c till.Code) (title, rest string) {
	if c == "" {
		return "", ""
	}
	return halves(w.T(problemKey(c)))
}

// halves divides a text of the catalogue at its first line's end: a title, and what to do.
func halves(text string) (title, rest string) {
	title, rest, _ = strings.Cut(text, "\n")
	return title, rest
}

// written puts a problem's arguments into the language on the screen.
func (w *Window) written(args []any) []any {
	out := make([]any, 0, len(args))
	for i, a := range args {
		if i%2 == 0 {
			out = append(out, a)
			continue
		}
		switch v := a.(type) {
		case register.Money:
			out = append(out, w.lang.Money(v))
		case register.Quantity:
			out = append(out, w.lang.Quantity(v))
		case int:
			out = append(out, w.lang.Integer(int64(v)))
		case int64:
			out = append(out, w.lang.Integer(v))
		default:
			out = append(out, fmt.Sprint(v))
		}
	}
	return out
}

// fail tells the cashier of an error, and logs what only a programmer can read.
func (w *Window) fail(err error) {
	title, rest := w.sentence(err)
	level := moodBad
	switch code(err) {
	case till.CodeUnknownBarcode, till.CodeWholePieces, till.CodeBadQuantity, till.CodeEmptyCart, till.CodeTooLittle,
		till.CodeFrozen, till.CodeQROpen, till.CodeCartNotEmpty, till.CodeNoLine, till.CodeNoQR:
		level = moodWarn
	case "":
		w.deps.Log.Error("an error that has no sentence", "err", err)
	case till.CodeDisk, till.CodeDiskDoubt:
		w.deps.Log.Error("the disk refused", "err", err)
	}
	if code(err) == till.CodeUnknownBarcode {
		w.sound(SoundUnknown)
	} else {
		w.sound(SoundError)
	}
	w.toast.say(level, title, rest)
}
