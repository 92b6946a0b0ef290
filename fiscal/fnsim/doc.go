// Package fnsim is a virtual fiscal registrar: the device behind every simulator of this project. It speaks no protocol.
// A simulator reads what its callers send, hands it over as a Document, and writes what comes back.
//
// The device is as strict as a real one. It counts documents, shifts and receipts, keeps every document for ever and
// never takes one back, computes the VAT by line, and refuses what the format or its own state forbids: sums that do not
// agree, a shift older than 24 hours, a drawer that holds too little, paper that is out, documents that nobody sent for
// 30 days, a fiscal storage that is full or expired. Its errors carry the numbers of ATOL's driver (libfptr10.h), which
// are the best known ones; other protocols put their own in their place.
//
// What goes wrong is planned with Faults, from code or through the controls of a simulator (AddControls); Wire plays
// those of the connection. What was printed can be read as text (Device.Tape).
//
// The rules follow the order of the Federal Tax Service ЕД-7-20/662@ (formats of fiscal documents, FFD) and law 54-FZ.
package fnsim
