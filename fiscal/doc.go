// Package fiscal is one API over fiscal registrars: the devices that law 54-FZ wants beside every till, which keep each
// settlement in a sealed memory (the fiscal storage, "FN"), print the fiscal receipt and send it to the tax service.
//
// A registrar stands behind the Device interface, in a folder of its own (fiscal/atol, fiscal/kkmserver); a till cannot
// tell one from another. What it is asked to make is a Document, which For makes of an operation of the till. Package
// fiscal/fiscaltest holds every device to the same contract, and fiscal/fnsim is the device behind all simulators.
//
// # Once, and only once
//
// A registrar is a second system beside the till's database, and power fails between the two. So a document is made in
// tries. Before the first byte leaves, the till keeps a Try on its disk: its id, the document, and how the registrar
// stood (Before). Then:
//
//   - Make sends the try and waits. A Receipt means that the document stands in the device's memory for ever, whether or
//     not it is on paper.
//   - An error that is ErrRefused: the device said no, and the document does not exist. The reason is put right, and a
//     new try is made.
//   - An error that is ErrUnknown, or a crash: nobody knows. Find looks for the document, by the try's id and then in
//     the device's memory, by the mark of the operation. It gives the Receipt, ErrRefused, ErrAbsent (there is no trace of
//     it: Make may be called again, with the same try), ErrUnknown (ask again later), or ErrUnclear.
//   - ErrUnclear: the device cannot tell, and never will: a person looks at the paper and decides.
//
// A try is never replaced by a new one while the old one may still become a document.
package fiscal
