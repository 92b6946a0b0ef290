package atolsim

import (
	"fmt"
	"strconv"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// rates are the service's names of VAT rates: up to vat120 in its OpenAPI files, the others in newer drivers.
var rates = map[string]register.VAT{
	"none": register.VATNone, "vat0": register.VAT0, "vat5": register.VAT5, "vat7": register.VAT7, "vat10": register.VAT10,
	"vat18": fnsim.VAT18, "vat20": register.VAT20, "vat22": register.VAT22, "vat105": register.VAT5of105, "vat107": register.VAT7of107,
	"vat110": register.VAT10of110, "vat118": fnsim.VAT18of118, "vat120": register.VAT20of120, "vat122": register.VAT22of122,
}

var methods = map[string]fiscal.Method{
	"fullPrepayment": fiscal.FullPrepayment, "prepayment": fiscal.PartPrepayment, "advance": fiscal.Advance, "fullPayment": fiscal.FullPayment,
	"partialPayment": fiscal.PartPayment, "credit": fiscal.Credit, "creditPayment": fiscal.CreditPayment,
}

// objects are the names and the numbers of tag 1212.
var objects = func() map[string]fiscal.Object {
	all := map[string]fiscal.Object{}
	for i, names := range [][]string{
		1: {"commodity"}, 2: {"excise"}, 3: {"job"}, 4: {"service"}, 5: {"gamblingBet"}, 6: {"gamblingPrize"}, 7: {"lottery"},
		8: {"lotteryPrize"}, 9: {"intellectualActivity"}, 10: {"payment"}, 11: {"agentCommission"}, 12: {"composite", "pay"},
		13: {"another"}, 14: {"proprietaryLaw"}, 15: {"nonOperatingIncome"}, 16: {"insuranceContributions", "otherContributions"},
		17: {"merchantTax"}, 18: {"resortFee"}, 19: {"deposit"}, 20: {"consumption"}, 21: {"soleProprietorCPIContributions"},
		22: {"cpiContributions"}, 23: {"soleProprietorCMIContributions"}, 24: {"cmiContributions"}, 25: {"csiContributions"},
		26: {"casinoPayment"}, 30: {}, 31: {}, 32: {}, 33: {},
	} {
		for _, name := range names {
			all[name] = fiscal.Object(i)
		}
		if names != nil {
			all[strconv.Itoa(i)] = fiscal.Object(i)
		}
	}
	return all
}()

// measures are the names and the codes of tag 2108.
var measures = func() map[string]int {
	all := map[string]int{"otherUnits": 255}
	for name, code := range map[string]int{
		"piece": 0, "gram": 10, "kilogram": 11, "ton": 12, "centimeter": 20, "decimeter": 21, "meter": 22, "squareCentimeter": 30,
		"squareDecimeter": 31, "squareMeter": 32, "milliliter": 40, "liter": 41, "cubicMeter": 42, "kilowattHour": 50, "gkal": 51,
		"day": 70, "hour": 71, "minute": 72, "second": 73, "kilobyte": 80, "megabyte": 81, "gigabyte": 82, "terabyte": 83,
	} {
		all[name], all[strconv.Itoa(code)] = code, code
	}
	return all
}()

func asText(v any) string { return fmt.Sprint(v) }
