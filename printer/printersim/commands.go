package printersim

// escape obeys ESC commands and gives their length; zero when data ends inside one.
func (in *interpreter) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '@':
		in.reset()
		return 2
	case '2':
		in.pitch = usualPitch
		return 2
	case 'p':
		if len(data) < 5 {
			return 0
		}
		if data[2]&^'0' > 1 {
			in.unknown(data[:5])
		} else {
			in.paper.Drawer++
		}
		return 5
	case '*':
		return in.stripe(data)
	case '(':
		return in.extended(data)
	case 'B': // the buzzer of most clones: times, and how long each
		if len(data) < 4 {
			return 0
		}
		if in.paper.Beeps++; data[2] < 1 || data[2] > 9 || data[3] < 1 || data[3] > 9 {
			in.paper.Beeps--
			in.unknown(data[:4])
		}
		return 4
	}
	if len(data) < 3 {
		return 0
	}
	if !in.escapeOne(data[1], data[2]) {
		in.unknown(data[:2])
		return 2
	}
	return 3
}

// escapeOne obeys the ESC commands with one parameter; false means that the command is not known.
func (in *interpreter) escapeOne(command, n byte) bool {
	on := n&1 == 1
	switch command {
	case 't':
		in.table = n
	case 'E', 'G':
		in.style.Bold = on
	case '-':
		in.style.Underline = n != 0 && n != '0'
	case '!':
		in.style.Bold, in.style.Underline = n&0x08 != 0, n&0x80 != 0
		in.style.Height, in.style.Width = 1+int(n>>4&1), 1+int(n>>5&1)
	case 'a':
		// Alignment changes at the beginning of a line only.
		if place := Place(n &^ '0'); place <= AtRight && len(in.line) == 0 {
			in.place = place
		}
	case '3':
		in.pitch = int(n)
	case 'J':
		in.feedDots(int(n))
	case 'd':
		if len(in.line) > 0 && n > 0 {
			in.feedLine()
			n--
		}
		in.feedDots(int(n) * in.pitch)
	case 'R', 'M', 'V', '{': // national set, font, rotation, upside down: taken and not shown
	default:
		return false
	}
	return true
}

// doubleByte obeys FS . and FS &, which switch double-byte letters off and on.
func (in *interpreter) doubleByte(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '.':
		in.double = false
	case '&':
		in.double = in.model.Chinese
	default:
		in.unknown(data[:2])
	}
	return 2
}

// group obeys GS commands.
func (in *interpreter) group(data []byte) (int, effect) {
	if len(data) < 3 {
		return 0, printed
	}
	switch data[1] {
	case '!':
		in.style.Width, in.style.Height = 1+int(data[2]>>4&7), 1+int(data[2]&7)
		return 3, printed
	case 'B':
		in.style.Reverse = data[2]&1 == 1
		return 3, printed
	case 'V':
		return in.knife(data)
	case 'v':
		return in.raster(data), printed
	case '(':
		return in.extended(data), printed
	case '8':
		return in.longGraphics(data), printed
	case 'h', 'w', 'H', 'f':
		if !in.barcodeSetting(data[1], data[2]) {
			in.unknown(data[:3])
		}
		return 3, printed
	case 'k':
		return in.barcode(data), printed
	case 'L', 'W':
		if len(data) < 4 {
			return 0, printed
		}
		in.area(data[1], int(data[2])|int(data[3])<<8)
		return 4, printed
	case 'P': // motion units: in parts of an inch, and those of the head are the only ones that are known here
		if len(data) < 4 {
			return 0, printed
		}
		return 4, printed
	}
	in.unknown(data[:2])
	return 2, printed
}

// knife is GS V: 0 and 1 cut where the paper is, A and B feed to the knife and n dots more first.
func (in *interpreter) knife(data []byte) (int, effect) {
	length := 3
	switch data[2] {
	case 0, 1, '0', '1':
	case 'A', 'B':
		if length = 4; len(data) < length {
			return 0, printed
		}
		in.feedDots(int(data[3]))
	default:
		in.unknown(data[:3])
		return 3, printed
	}
	in.paper.Cuts++
	in.add(Item{Cut: true}, 0)
	return length, cut
}

// area is GS L, the left margin, and GS W, the width beside it, in dots. Both change at the beginning of a line only.
func (in *interpreter) area(command byte, dots int) {
	switch {
	case len(in.line) > 0:
	case command == 'L':
		in.left = dots
	default:
		in.width = dots
	}
}

// extended obeys the commands with a length: GS ( and ESC (.
func (in *interpreter) extended(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	length := 5 + int(data[3]) + int(data[4])<<8
	if len(data) < length {
		return 0
	}
	if p := data[5:length]; len(p) == 0 || !in.extendedFunction(data[0], data[2], p) {
		in.unknown(data[:length])
	}
	return length
}

// extendedFunction obeys a command with its parameters; false means that these are not known.
func (in *interpreter) extendedFunction(group, command byte, p []byte) bool {
	switch {
	case group == 0x1B && command == 'A': // the buzzer of Epson: which sound, how often, how long
		if len(p) != 4 || p[0] != '0' {
			return false
		}
		in.paper.Beeps++
		return true
	case group == 0x1B:
		return false
	case command == 'k':
		return len(p) > 2 && p[0] == '1' && in.code(p[1], p[2:])
	case command == 'L':
		return in.graphics(p)
	case command == 'H':
		return in.processID(p)
	}
	return false
}

// processID is GS ( H, function 48, which asks for an answer when everything before is on paper.
func (in *interpreter) processID(p []byte) bool {
	if len(p) != 6 || p[0] != '0' || p[1] != '0' {
		return false
	}
	for _, d := range p[2:] {
		if d < ' ' || d > '~' {
			return false
		}
	}
	in.paper.ProcessIDs = append(in.paper.ProcessIDs, string(p[2:]))
	return true
}

// code obeys GS ( k for QR codes; false means that the function or its parameters are not known.
func (in *interpreter) code(function byte, p []byte) bool {
	switch n := p[0]; {
	case function == 'A' && len(p) == 2: // model 1 or 2
		return n == '1' || n == '2'
	case function == 'C' && n >= 1 && n <= 16:
		in.qr.Module = int(n)
	case function == 'E' && n >= '0' && n <= '3':
		in.qr.Level, in.qr.Modules = "LMQH"[n-'0'], 0
	case function == 'P' && n == '0' && len(p) > 1 && len(p) <= 1+7089:
		in.paper.RealTime += countRealTime(p[1:])
		in.qr.Content, in.qr.Modules = string(p[1:]), 0
	case function == 'Q' && n == '0' && in.qr.Content != "":
		in.printCode()
	default:
		return false
	}
	return true
}

// printCode prints the stored code. One that holds more than a code can is not printed, as printers do.
func (in *interpreter) printCode() {
	if in.paper.Truncated {
		return // nothing more is kept, and codes take long to make
	}
	if in.qr.Modules == 0 {
		modules, err := in.qr.modules()
		if err != nil {
			return
		}
		in.qr.Modules = len(modules)
	}
	if len(in.line) > 0 {
		in.feedLine()
	}
	c := in.qr
	c.Place = in.place
	before := len(in.paper.Items)
	in.add(Item{Code: &c}, c.Modules*c.Module)
	if len(in.paper.Items) > before {
		in.paper.QR = append(in.paper.QR, c.Content)
	}
}

// countRealTime counts the commands that printers obey even inside other data.
func countRealTime(data []byte) int {
	count := 0
	for i := 0; i+2 < len(data); i++ {
		if data[i] != 0x10 {
			continue
		}
		switch n := data[i+2]; {
		case data[i+1] == 0x04 && n >= 1 && n <= 4,
			data[i+1] == 0x05 && (n == 1 || n == 2),
			data[i+1] == 0x14 && (n == 1 || n == 2 || n == 8):
			count++
		}
	}
	return count
}
