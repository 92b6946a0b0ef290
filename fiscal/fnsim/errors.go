package fnsim

import (
	"errors"
	"fmt"
)

// Code is a number of ATOL's driver for what went wrong.
type Code int

// The codes that the device gives. Codes from a Plan may be others.
const (
	NoLink           Code = 2   // the device is off
	Busy             Code = 55  // it is making another document
	BadParameter     Code = 13  // a value that the format does not have
	BadSum           Code = 16  // price, or the sum of a line
	BadQuantity      Code = 17  // of a line
	ReportBlocks     Code = 32  // a document was not printed to its end; Resume first
	BadDate          Code = 77  // of a correction
	ClockBehind      Code = 36  // the clock is before the last document
	NoPaper          Code = 44  // the paper is out
	CoverOpen        Code = 45  // the cover is open
	BadKind          Code = 48  // of receipt
	NonCashTooMuch   Code = 52  // more than the total
	NotPaid          Code = 66  // payments below the total
	ShiftExpired     Code = 68  // older than 24 hours
	ShiftClosed      Code = 73  // it must be open
	DrawerTooLow     Code = 80  // the drawer holds less
	ShiftOpen        Code = 83  // it must be closed
	Unregistered     Code = 89  // the device is not registered
	BadLines         Code = 110 // too many, or too few
	FNExpired        Code = 120 // its keys
	FNFull           Code = 121 // its memory
	FNNoData         Code = 123 // no such document
	TaxTooBig        Code = 128 // VAT above the total
	OFDTimeout       Code = 137 // nothing was sent for 30 days
	UnsentLeft       Code = 139 // documents must be sent first
	BadTaxation      Code = 143 // not among the registered ones
	BadVAT           Code = 144 // no such rate, or not in this firmware
	BadRequisite     Code = 148 // a text too long, or not of its form
	RequisiteDenied  Code = 158 // not in such a document
	RequisiteMissing Code = 161 // it must be there
	NoFN             Code = 166 // no fiscal storage
	BadMethod        Code = 216 // tag 1214
	BadObject        Code = 217 // tag 1212
	MixedVAT         Code = 219 // 18 % and 20 % in one receipt
	BadTotal         Code = 227 // it differs from the lines by more than kopecks
	LinkLost         Code = 241 // in the middle: the caller does not know what became of the document
	BadMeasure       Code = 412 // tag 2108
	NotInFFD         Code = 413 // the version of the format has no such thing
	TooLong          Code = 40  // above 32 KB
)

var words = map[Code]string{
	NoLink: "Нет связи", Busy: "Устройство занято", BadParameter: "Неверный параметр", BadSum: "Неверная сумма",
	BadQuantity: "Неверное количество", ReportBlocks: "Печать документа прервана, требуется допечатать", BadDate: "Неверная дата",
	ClockBehind: "Дата ККТ меньше даты последнего документа", NoPaper: "Нет бумаги", CoverOpen: "Открыта крышка",
	BadKind: "Неверный тип чека", NonCashTooMuch: "Сумма безналичных платежей больше суммы чека", NotPaid: "Чек оплачен не полностью",
	ShiftExpired: "Смена превысила 24 часа", ShiftClosed: "Смена закрыта, операция невозможна", DrawerTooLow: "Не хватает наличности в кассе",
	ShiftOpen: "Смена открыта, операция невозможна", Unregistered: "ККТ не зарегистрирована", BadLines: "Неверное число предметов расчёта",
	FNExpired: "Срок действия ФН истёк", FNFull: "Память ФН переполнена", FNNoData: "Запрошенные данные отсутствуют в ФН",
	TaxTooBig: "Сумма налога больше суммы чека", OFDTimeout: "Ресурс хранения документов для ОФД исчерпан",
	UnsentLeft: "Есть неотправленные документы", BadTaxation: "Неверная система налогообложения", BadVAT: "Неверная ставка НДС",
	BadRequisite: "Реквизит не записан", RequisiteDenied: "Реквизит не может быть указан", RequisiteMissing: "Нет обязательного реквизита",
	NoFN: "ФН не найден", BadMethod: "Неверный признак способа расчёта", BadObject: "Неверный признак предмета расчёта",
	MixedVAT: "Ставки 18% и 20% в одном чеке", BadTotal: "Неверный итог чека", LinkLost: "Связь потеряна",
	35: "Проверьте дату и время", 46: "Неисправность принтера", 47: "Механическая ошибка печатающего устройства", 114: "Перегрев головки принтера",
	150: "Ошибка отрезчика", BadMeasure: "Неверная мера количества", NotInFFD: "Не поддерживается этой версией ФФД", TooLong: "Буфер чека переполнен",
}

// Error is the device's refusal, or the loss of its answer.
type Error struct {
	Code Code
	What string // the field or the value it is about, in English; may be empty
}

// Error gives the driver's number and words, and what they are about.
func (e *Error) Error() string {
	if e.What == "" {
		return fmt.Sprintf("fnsim: %d %s", e.Code, e.Words())
	}
	return fmt.Sprintf("fnsim: %d %s: %s", e.Code, e.Words(), e.What)
}

// Words are what a driver says.
func (e *Error) Words() string {
	if w := words[e.Code]; w != "" {
		return w
	}
	return "Ошибка устройства"
}

// Is tells that errors of one code are one error.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code && (t.What == "" || t.What == e.What)
}

// ErrPower tells that the power went while the document was being made: whoever serves the device is dead too.
var ErrPower = errors.New("fnsim: the power is gone")

// refuse gives an error of a code.
func refuse(c Code, what string, args ...any) error {
	if len(args) > 0 {
		what = fmt.Sprintf(what, args...)
	}
	return &Error{Code: c, What: what}
}

// CodeOf is the driver's number of an error; zero when it has none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
