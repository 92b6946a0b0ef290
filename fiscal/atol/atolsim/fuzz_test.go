package atolsim

import (
	"errors"
	"testing"

	"kassa/fiscal/fnsim"
)

// FuzzJobs reads whatever a program may send: a job is taken whole, or refused with a reason.
func FuzzJobs(f *testing.F) {
	for _, seed := range []string{
		`{"uuid":"u","request":[{"type":"sell","items":[{"type":"position","name":"a","price":1,"quantity":1,"amount":1,"tax":{"type":"vat22"}}],"payments":[{"type":"cash","sum":1}]}]}`,
		`{"uuid":"u","request":{"type":"openShift","operator":{"name":"a"}},"callbacks":{"resultUrl":"http://127.0.0.1/"}}`,
		`{"uuid":"u","request":[{"type":"sellCorrection","correctionType":"self","correctionBaseDate":"2026.03.10","correctionBaseNumber":"1","taxes":[{"type":"none","sum":1}],"total":1,"payments":[{"type":"cash","sum":1}]}]}`,
		`{"uuid":"u","request":[{"type":"getFnDocument","fiscalDocumentNumber":1e99}]}`, `{"uuid":"u","request":[null]}`, `null`, `[]`, `{"uuid":{}}`,
	} {
		f.Add([]byte(seed))
	}
	s, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		j, err := readJob(body)
		var bad invalid
		if err != nil {
			if !errors.As(err, &bad) {
				t.Error(err)
			}
			return
		}
		for _, one := range j.tasks {
			doc, get, err := s.readTask(one.task)
			var code *fnsim.Error
			switch {
			case err != nil && !errors.As(err, &bad) && !errors.As(err, &code):
				t.Error(err)
			case err == nil && get == nil && doc.Kind == "":
				t.Error("a task of nothing was taken")
			}
		}
	})
}
