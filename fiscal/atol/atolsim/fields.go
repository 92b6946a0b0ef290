package atolsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"kassa/register"
)

// fields reads the fields of a JSON object, and keeps the first thing that is wrong with them.
type fields struct {
	values map[string]any
	path   string // of the object, with a dot at its end; empty for the task itself
	seen   []string
	err    *error // shared with the objects inside
}

func newFields(values map[string]any) *fields { return &fields{values: values, err: new(error)} }

func (f *fields) fail(name, why string) {
	if *f.err == nil {
		*f.err = invalid{f.path + name, why}
	}
}

// value gives a field; nil where it is absent or null.
func (f *fields) value(name string, required bool) any {
	f.seen = append(f.seen, name)
	v := f.values[name]
	if v == nil && required {
		f.fail(name, "обязательное поле не задано")
	}
	return v
}

func (f *fields) text(name string, required bool) string {
	switch v := f.value(name, required).(type) {
	case nil:
		return ""
	case string:
		if v == "" && required {
			f.fail(name, "обязательное поле не задано")
		}
		return paper(v)
	}
	f.fail(name, "ожидается строка")
	return ""
}

// paper is a text in the letters that the device has, code page 866.
func paper(t string) string {
	return strings.Map(func(r rune) rune {
		if _, there := charmap.CodePage866.EncodeRune(r); !there {
			return '?'
		}
		return r
	}, t)
}

func (f *fields) flag(name string) bool {
	switch v := f.value(name, false).(type) {
	case nil:
		return false
	case bool:
		return v
	}
	f.fail(name, "ожидается логическое значение")
	return false
}

// number gives a number of 1/scale, rounded; the driver keeps numbers as floating point. What is finer is refused.
func (f *fields) number(name string, required bool, scale float64) (int64, bool) {
	v := f.value(name, required)
	if v == nil {
		return 0, false
	}
	n, is := v.(json.Number)
	if !is {
		f.fail(name, "ожидается число")
		return 0, false
	}
	x, err := n.Float64()
	scaled := x * scale
	whole := math.Round(scaled)
	if err != nil || math.Abs(scaled) > 1e14 || math.Abs(scaled-whole) > 1e-4 {
		f.fail(name, "число вне допустимого диапазона или слишком точное")
		return 0, false
	}
	return int64(whole), true
}

func (f *fields) money(name string, required bool) register.Money {
	v, _ := f.number(name, required, 100)
	return register.Money(v)
}

// optional gives a sum, or nil where there is none.
func (f *fields) optional(name string) *register.Money {
	v, there := f.number(name, false, 100)
	if !there {
		return nil
	}
	m := register.Money(v)
	return &m
}

func (f *fields) object(name string, required bool) *fields {
	switch v := f.value(name, required).(type) {
	case nil:
		return nil
	case map[string]any:
		return &fields{values: v, path: f.path + name + ".", err: f.err}
	}
	f.fail(name, "ожидается объект")
	return nil
}

func (f *fields) list(name string, required bool) []*fields {
	v := f.value(name, required)
	if v == nil {
		return nil
	}
	values, is := v.([]any)
	if !is || required && len(values) == 0 {
		f.fail(name, "ожидается непустой массив")
		return nil
	}
	var list []*fields
	for i, one := range values {
		path := fmt.Sprintf("%s%s[%d]", f.path, name, i)
		object, is := one.(map[string]any)
		if !is {
			f.fail(fmt.Sprintf("%s[%d]", name, i), "ожидается объект")
			return nil
		}
		list = append(list, &fields{values: object, path: path + ".", err: f.err})
	}
	return list
}

// choice gives the value that a word stands for.
func choice[T any](f *fields, name string, required bool, of map[string]T) (T, bool) {
	var none T
	v := f.value(name, required)
	if v == nil {
		return none, false
	}
	found, known := of[fmt.Sprint(v)]
	if !known {
		f.fail(name, "недопустимое значение")
	}
	return found, known
}

// others names the fields that the service knows and this device passes over. A field that nobody knows is refused.
func (f *fields) others(known ...string) {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if !slices.Contains(f.seen, name) && !slices.Contains(known, name) {
			f.fail(name, "неизвестное поле")
		}
	}
}

// readJSON reads a body with its numbers as they are written.
func readJSON(body []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil || v == nil {
		return nil, invalid{"", "ошибка разбора JSON"}
	}
	return v, nil
}

// readJob reads the body of a POST: one task, or an array of them.
func readJob(body []byte) (*job, error) {
	v, err := readJSON(body)
	if err != nil {
		return nil, err
	}
	f := newFields(v)
	j := &job{uuid: f.text("uuid", true)}
	if len(j.uuid) > 64 || strings.ContainsAny(j.uuid, "/?#% ") {
		f.fail("uuid", "недопустимое значение")
	}
	if c := f.object("callbacks", false); c != nil {
		j.callback = c.text("resultUrl", false)
		c.others()
	}
	f.text("lockUuid", false)
	tasks := v["request"]
	if one, is := tasks.(map[string]any); is {
		tasks = []any{one}
	}
	f.values = map[string]any{"request": tasks}
	for _, t := range f.list("request", true) {
		t.text("type", true)
		j.tasks = append(j.tasks, &step{task: t.values, status: waiting})
	}
	for name := range v {
		if name != "request" && !slices.Contains(f.seen, name) {
			f.fail(name, "неизвестное поле")
		}
	}
	if *f.err != nil {
		return nil, *f.err
	}
	return j, nil
}
