package connect

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"kassa/printer/serial"
	"kassa/printer/spool"
	"kassa/printer/tcp"
	"kassa/printer/usb"
)

// Found is a place where a printer may be.
type Found struct {
	Address string // as Open takes it
	Way     Way
	Name    string // what is known of the printer: maker and model; may be empty
	Answers bool   // it was heard to be a receipt printer; only asked of a network
}

// Search says where printers are looked for.
type Search struct {
	// Network looks at port 9100 of every address beside this machine's own, at most 256 of each network. It is for a
	// person who asks: other devices of the network notice.
	Network bool
	// Near are the networks to look at; those of this machine's own addresses when nil.
	Near []netip.Prefix
	// Port is looked at instead of 9100.
	Port string
}

// Times of a search.
const (
	searchTime = 8 * time.Second
	knockTime  = 600 * time.Millisecond
	knocks     = 64 // at a time
	maxHosts   = 256
)

// Discover lists the places where a printer may be, the likeliest first: USB printers, network ones, queues, serial
// ports. What cannot be listed is left out: a person who sets a printer up can still write its address. It takes
// searchTime at most.
func Discover(ctx context.Context, s Search) []Found {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	var parts [4][]Found
	var all sync.WaitGroup
	all.Go(func() { parts[0] = usbPrinters() })
	all.Go(func() {
		if s.Network {
			parts[1] = s.neighbours(ctx)
		}
	})
	all.Go(func() { parts[2] = queues(ctx) })
	all.Go(func() { parts[3] = serialPorts() })
	all.Wait()
	return slices.Concat(parts[:]...)
}

func usbPrinters() []Found {
	var found []Found
	nodes := usb.Nodes()
	for _, n := range nodes {
		a := Address{Way: USB, Place: n.Path}
		twins := 0
		for _, other := range nodes {
			if other.Serial == n.Serial {
				twins++
			}
		}
		// A number that several printers share, as cheap ones do, finds none of them.
		if byNumber, err := Parse(string(USB) + ":serial=" + n.Serial); err == nil && twins == 1 {
			a = byNumber
		}
		name := strings.TrimSpace(n.Maker + " " + n.Model)
		if name == "" {
			name = n.Path
		}
		found = append(found, Found{Address: a.String(), Way: USB, Name: name})
	}
	return found
}

func queues(ctx context.Context) []Found {
	var found []Found
	add := func(way Way, names []string, _ error) {
		for _, name := range names {
			a := Address{Way: way, Place: name}
			if _, err := Parse(a.String()); err == nil {
				found = append(found, Found{Address: a.String(), Way: way, Name: name})
			}
		}
	}
	names, err := spool.Queues(ctx)
	add(CUPS, names, err)
	names, err = spool.WindowsQueues()
	add(Windows, names, err)
	return found
}

func serialPorts() []Found {
	ports, err := serial.Ports()
	if err != nil {
		return nil
	}
	var found []Found
	for _, port := range ports {
		if a, err := Parse(string(Serial) + ":" + port); err == nil {
			found = append(found, Found{Address: a.String(), Way: Serial, Name: port})
		}
	}
	return found
}

// neighbours knocks at the addresses beside this machine's own.
func (s Search) neighbours(ctx context.Context) []Found {
	near := s.Near
	if near == nil {
		near = ownNetworks()
	}
	port := s.Port
	if port == "" {
		port = tcp.DefaultPort
	}
	var (
		found []Found
		mu    sync.Mutex
		all   sync.WaitGroup
		slots = make(chan struct{}, knocks)
	)
	for _, host := range hosts(near) {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-slots }()
			f, ok := knock(ctx, net.JoinHostPort(host.String(), port))
			if !ok {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			found = append(found, f)
		})
	}
	all.Wait()
	slices.SortFunc(found, func(a, b Found) int {
		one, _ := netip.ParseAddrPort(a.Address)
		other, _ := netip.ParseAddrPort(b.Address)
		return one.Compare(other)
	})
	return found
}

// knock tells whether somebody listens, and asks whether it is a receipt printer.
func knock(ctx context.Context, address string) (Found, bool) {
	p := tcp.New(address, tcp.Timeouts{Dial: knockTime, Answer: knockTime, Close: knockTime})
	status, err := p.Status(ctx)
	if err != nil {
		return Found{}, false
	}
	return Found{Address: address, Way: Network, Answers: !status.Silent}, true
}

// hosts are the addresses of the networks, of a large one those near its own address.
func hosts(near []netip.Prefix) []netip.Addr {
	var all []netip.Addr
	for _, p := range near {
		bits := max(p.Bits(), 24)
		if !p.Addr().Is4() || p.Bits() < 0 {
			continue
		}
		block := netip.PrefixFrom(p.Addr(), bits).Masked()
		n := 0
		for a := block.Addr(); block.Contains(a) && n < maxHosts; a = a.Next() {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
			n++
		}
	}
	return all
}

// ownNetworks are those that this machine's private addresses are in. A public one is nobody's to knock at.
func ownNetworks() []netip.Prefix {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Prefix
	for _, a := range addresses {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && p.Addr().Is4() && (p.Addr().IsPrivate() || p.Addr().IsLinkLocalUnicast()) {
			own = append(own, p)
		}
	}
	return own
}
