package sbersim

import (
	"time"

	"kassa/banks/banksim"
)

// registryMost is how many orders a registry holds.
const registryMost = 1000

// moscowAhead is how far the registry's clock is ahead of UTC; its times have a Z all the same.
const moscowAhead = 3 * time.Hour

// registry lists the paid orders that were made in a period, each with all its successful operations.
func (b *Bank) registry(q request, _ banksim.Fault) (answer, error) {
	from, _ := time.Parse(layout, q.text("startPeriod"))
	to, _ := time.Parse(layout, q.text("endPeriod"))
	from, to = from.Add(-moscowAhead), to.Add(-moscowAhead)
	switch {
	case q.text("idQR") != b.conf.IDQR:
		return nil, no{"140000", "Не найден QR-стикер"}
	case to.Before(from):
		return nil, no{"050000", "Неверный формат данных: период"}
	case to.Sub(from) > b.conf.RegistryPeriod:
		return nil, no{"170000", "Превышен период выгрузки реестра"}
	}
	list := []answer{}
	count, payments, refunds := 0, int64(0), int64(0)
	for _, o := range b.orders {
		b.tick(o)
		if o.state != paid || o.made.Before(from) || o.made.After(to) {
			continue
		}
		ops := o.registered()
		count += len(ops)
		payments += int64(o.amount)
		refunds += int64(o.back())
		if len(list) < registryMost {
			list = append(list, answer{
				"orderId": o.id, "partnerOrderNumber": o.number, "amount": int64(o.amount), "currency": "643",
				"orderCreateDate": o.made.Format(layout), "orderState": o.shown(b.conf),
				"orderOperationParams": answer{"orderOperationParam": ops},
			})
		}
	}
	a := answer{"tid": b.conf.TID, "idQR": b.conf.IDQR}
	if q.text("registryType") == "QUANTITY" {
		a["quantityData"] = answer{
			"totalCount": count, "totalPaymentAmount": payments, "totalRefundAmount": refunds, "totalAmount": payments - refunds,
		}
	} else {
		a["registryData"] = answer{"orderParams": answer{"orderParam": list}}
	}
	return a, nil
}

// registered are the operations of an order that succeeded.
func (o *order) registered() []answer {
	list := []answer{}
	for _, op := range o.operations {
		if op.response == "00" {
			list = append(list, answer{
				"operationId": op.id, "operationDateTime": op.at.Add(moscowAhead).Format(layout), "rrn": op.rrn,
				"operationType": op.kind, "operationSum": int64(op.sum), "operationCurrency": "643", "authCode": op.auth,
				"responseCode": op.response,
			})
		}
	}
	return list
}
