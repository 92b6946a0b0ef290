package printersim

import "image"

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

// double obeys FS . and FS &, which switch double-byte letters off and on.
func (in *interpreter) double(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	if data[1] != '.' && data[1] != '&' {
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

// maxPictureDots is wider than any receipt printer's head; what is beyond is not drawn.
const maxPictureDots = 1024

// raster is GS v 0.
func (in *interpreter) raster(data []byte) int {
	if data[2] != '0' {
		in.unknown(data[:3])
		return 3
	}
	if len(data) < 8 {
		return 0
	}
	stride, height := int(data[4])|int(data[5])<<8, int(data[6])|int(data[7])<<8
	mode := data[3] &^ '0'
	if mode > 3 || stride == 0 || height == 0 {
		in.unknown(data[:8])
		return 8
	}
	length := 8 + stride*height
	if len(data) < length {
		return 0
	}
	bits := data[8:length]
	in.paper.RealTime += countRealTime(bits)
	in.picture(unpack(bits, stride, 1+int(mode&1), 1+int(mode>>1)))
	return length
}

// unpack makes the picture of the bits, each so many dots wide and high.
func unpack(bits []byte, stride, wide, tall int) *image.Gray {
	height := min(len(bits)/stride*tall, maxRows)
	img := image.NewGray(image.Rect(0, 0, min(stride*8*wide, maxPictureDots), height))
	for y := range height {
		for x := range img.Rect.Dx() {
			dot := x / wide
			if bits[y/tall*stride+dot/8]>>(7-dot%8)&1 == 0 {
				img.Pix[y*img.Stride+x] = 0xFF
			}
		}
	}
	return img
}

// picture puts a picture on the paper, or at the lower edge of the one that it continues.
func (in *interpreter) picture(img *image.Gray) {
	if len(in.line) > 0 {
		in.feedLine()
	}
	if last := len(in.paper.Items) - 1; last >= 0 && in.paper.Items[last].Picture != nil {
		above := in.paper.Items[last].Picture
		rows := img.Rect.Dy()
		if above.Image.Rect.Dx() == img.Rect.Dx() && above.Place == in.place && in.rows+rows <= maxRows {
			above.Image.Pix = append(above.Image.Pix, img.Pix...)
			above.Image.Rect.Max.Y += rows
			in.rows += rows
			return
		}
	}
	in.add(Item{Picture: &Picture{Image: img, Place: in.place}}, img.Rect.Dy())
}

// extended obeys GS ( with a length: of these, QR codes are known.
func (in *interpreter) extended(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	length := 5 + int(data[3]) + int(data[4])<<8
	if len(data) < length {
		return 0
	}
	parameters := data[5:length]
	if data[2] != 'k' || len(parameters) < 3 || parameters[0] != '1' || !in.code(parameters[1], parameters[2:]) {
		in.unknown(data[:length])
	}
	return length
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
