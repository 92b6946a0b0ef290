package bankjson_test

import (
	"encoding/json"
	"testing"

	"kassa/banks/bankjson"
	"kassa/register"
)

func TestValuesOfEitherType(t *testing.T) {
	type answer struct {
		Name bankjson.Text
		Sum  bankjson.Kopecks
	}
	for name, c := range map[string]struct {
		body string
		want answer
		bad  bool
	}{
		"strings":         {body: `{"Name":"5","Sum":"19900"}`, want: answer{"5", bankjson.Kopecks{Value: 19900, Known: true}}},
		"numbers":         {body: `{"Name":5,"Sum":19900}`, want: answer{"5", bankjson.Kopecks{Value: 19900, Known: true}}},
		"nothing":         {body: `{}`},
		"null":            {body: `{"Name":null,"Sum":null}`},
		"a sum of zero":   {body: `{"Sum":0}`, want: answer{Sum: bankjson.Kopecks{Known: true}}},
		"a truth value":   {body: `{"Name":true}`, bad: true},
		"an object":       {body: `{"Name":{}}`, bad: true},
		"parts of one":    {body: `{"Sum":1.5}`, bad: true},
		"below zero":      {body: `{"Sum":-1}`, bad: true},
		"no number":       {body: `{"Sum":"x"}`, bad: true},
		"more than money": {body: `{"Sum":10000000000}`, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			var got answer
			err := json.Unmarshal([]byte(c.body), &got)
			if (err != nil) != c.bad || err == nil && got != c.want {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	if register.MaxMoney >= 10_000_000_000 {
		t.Error("the largest sum of this test is none")
	}
}

func FuzzValues(f *testing.F) {
	for _, seed := range []string{`"1"`, `1`, `null`, `-1`, `1e9`, `"`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var text bankjson.Text
		var sum bankjson.Kopecks
		_ = text.UnmarshalJSON(data)
		if err := sum.UnmarshalJSON(data); err == nil && (sum.Value < 0 || sum.Value > register.MaxMoney) {
			t.Errorf("%q is %v", data, sum.Value)
		}
	})
}
