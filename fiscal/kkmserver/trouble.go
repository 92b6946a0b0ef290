package kkmserver

import (
	"strings"

	"kassa/fiscal"
)

// signs are pieces of the sentences in which drivers of registrars tell of trouble: KkmServer hands them on, and has no
// numbers of its own. All pieces of a sign must be in the sentence; the first sign that fits counts.
var signs = []struct {
	trouble fiscal.Trouble
	pieces  []string
}{
	{fiscal.TroubleShiftExpired, []string{"смен", "24"}},
	{fiscal.TroubleShiftExpired, []string{"смен", "превыс"}},
	{fiscal.TroubleShiftExpired, []string{"смен", "истек"}},
	{fiscal.TroubleShiftClosed, []string{"смен", "закрыта"}},
	{fiscal.TroubleShiftClosed, []string{"смен", "не открыта"}},
	{fiscal.TroubleShiftOpen, []string{"смен", "открыта"}},
	{fiscal.TroublePaper, []string{"бумаг"}},
	{fiscal.TroubleCover, []string{"крышк"}},
	{fiscal.TroubleMechanism, []string{"отрез"}},
	{fiscal.TroubleMechanism, []string{"резак"}},
	{fiscal.TroubleMechanism, []string{"перегрев"}},
	{fiscal.TroubleMechanism, []string{"печат", "прерван"}},
	{fiscal.TroubleMechanism, []string{"механи"}},
	{fiscal.TroubleCash, []string{"наличн", "не хватает"}},
	{fiscal.TroubleCash, []string{"наличн", "недостаточно"}},
	{fiscal.TroubleUnsent, []string{"офд", "исчерпан"}},
	{fiscal.TroubleUnsent, []string{"офд", "30"}},
	{fiscal.TroubleUnsent, []string{"неотправленн"}},
	{fiscal.TroubleUnregistered, []string{"не зарегистрирован"}},
	{fiscal.TroubleUnregistered, []string{"не фискализ"}},
	{fiscal.TroubleUnregistered, []string{"фн не найден"}},
	{fiscal.TroubleMemory, []string{"фн", "истек"}},
	{fiscal.TroubleMemory, []string{"фн", "переполн"}},
	{fiscal.TroubleMemory, []string{"фн", "исчерпан"}},
	{fiscal.TroubleMemory, []string{"архив фн"}},
	{fiscal.TroubleClock, []string{"дат", "время"}},
	{fiscal.TroubleClock, []string{"дата ккт"}},
	{fiscal.TroubleClock, []string{"часы"}},
	{fiscal.TroubleBusy, []string{"занят"}},
	{fiscal.TroubleBusy, []string{"заблокирован"}},
	// "Устройство (с параметрами NumDevice=9) не найдено: не настроено или отключено."
	{fiscal.TroubleOff, []string{"устройство", "не найдено"}},
	{fiscal.TroubleOff, []string{"нет связи"}},
	{fiscal.TroubleOff, []string{"связь потеряна"}},
	{fiscal.TroubleOff, []string{"не подключен"}},
	{fiscal.TroubleCannot, []string{"не поддерж"}},
	{fiscal.TroubleDocument, []string{"налог"}},
	{fiscal.TroubleDocument, []string{"ндс"}},
	{fiscal.TroubleDocument, []string{"сумм"}},
	{fiscal.TroubleDocument, []string{"реквизит"}},
	{fiscal.TroubleDocument, []string{"чек"}},
	{fiscal.TroubleDocument, []string{"количеств"}},
	{fiscal.TroubleDocument, []string{"расчет"}},
}

// troubleOf reads a driver's sentence.
func troubleOf(words string) fiscal.Trouble {
	words = strings.ReplaceAll(strings.ToLower(words), "ё", "е")
next:
	for _, s := range signs {
		for _, piece := range s.pieces {
			if !strings.Contains(words, piece) {
				continue next
			}
		}
		return s.trouble
	}
	return fiscal.TroubleOther
}
