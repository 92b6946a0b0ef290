package printersim

import "kassa/printer/picture"

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
func unpack(bits []byte, stride, wide, tall int) *picture.Bitmap {
	b := picture.NewBitmap(min(stride*8*wide, maxPictureDots), min(len(bits)/stride*tall, maxRows))
	for y := range b.Height {
		row, from := b.Row(y), bits[y/tall*stride:]
		if wide == 1 {
			copy(row, from)
			continue
		}
		for x := range b.Width {
			dot := x / wide
			row[x/8] |= from[dot/8] << (dot % 8) & 0x80 >> (x % 8)
		}
	}
	return b
}

// graphics is GS ( L and GS 8 L: function 112 keeps a picture, function 50 prints it; false means that the function or
// its parameters are not known.
func (in *interpreter) graphics(p []byte) bool {
	switch {
	case len(p) == 2 && p[0] == '0' && (p[1] == '2' || p[1] == 2):
		if in.stored != nil {
			in.picture(in.stored)
		}
		in.stored = nil
		return true
	case len(p) < 10 || p[0] != '0' || p[1] != 'p' || p[2] != '0' || p[5] != '1':
		return false
	}
	wide, tall := int(p[3]), int(p[4])
	width, height := int(p[6])|int(p[7])<<8, int(p[8])|int(p[9])<<8
	stride := (width + 7) / 8
	if wide < 1 || wide > 2 || tall < 1 || tall > 2 || width == 0 || height == 0 || height > 2400 || len(p) != 10+stride*height {
		return false
	}
	in.paper.RealTime += countRealTime(p[10:])
	in.stored = unpack(p[10:], stride, wide, tall)
	return true
}

// longGraphics is GS 8 L, whose length has four bytes.
func (in *interpreter) longGraphics(data []byte) int {
	if data[2] != 'L' {
		in.unknown(data[:3])
		return 3
	}
	if len(data) < 7 {
		return 0
	}
	size := int(data[3]) | int(data[4])<<8 | int(data[5])<<16 | int(data[6])<<24
	if size > MaxJob {
		in.unknown(data[:7])
		return 7
	}
	if len(data) < 7+size {
		return 0
	}
	if !in.graphics(data[7 : 7+size]) {
		in.unknown(data[:7+size])
	}
	return 7 + size
}

// stripeRows is how high an ESC * picture is, at 24 dots.
const stripeRows = 24

// stripe is ESC *: columns of dots that stand on the line like letters. Of its modes 33 is known: 24 dots high, as fine as
// the head.
func (in *interpreter) stripe(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	columns := int(data[3]) | int(data[4])<<8
	if data[2] != 33 || columns == 0 {
		in.unknown(data[:5])
		return 5
	}
	length := 5 + 3*columns
	if len(data) < length {
		return 0
	}
	bits := data[5:length]
	in.paper.RealTime += countRealTime(bits)
	b := picture.NewBitmap(min(columns, maxPictureDots), stripeRows)
	for x := range b.Width {
		for y := range stripeRows {
			if bits[3*x+y/8]<<(y%8)&0x80 != 0 {
				b.Row(y)[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	if len(in.line) > 0 {
		in.feedLine() // letters and stripes on one line are not drawn
	}
	in.columns = b
	return length
}

// feedStripe prints the stripe that stands on the line, and moves the paper by n dots.
func (in *interpreter) feedStripe(n int) {
	b := in.columns
	in.columns = nil
	if n != b.Height {
		taller := picture.NewBitmap(b.Width, max(n, b.Height))
		taller.Paste(b, 0, 0)
		b = taller
	}
	in.picture(b)
}

// picture puts a picture on the paper, or at the lower edge of the one that it continues.
func (in *interpreter) picture(b *picture.Bitmap) {
	if len(in.line) > 0 {
		in.feedLine()
	}
	if last := len(in.paper.Items) - 1; last >= 0 && in.paper.Items[last].Picture != nil {
		item := in.paper.Items[last]
		above := item.Picture
		if above.Image.Width == b.Width && above.Place == in.place && item.Left == in.left && item.Width == in.width && in.rows+b.Height <= maxRows {
			above.Image.Bits = append(above.Image.Bits, b.Bits...)
			above.Image.Height += b.Height
			in.rows += b.Height
			return
		}
	}
	in.add(Item{Picture: &Picture{Image: b, Place: in.place}}, b.Height)
}
