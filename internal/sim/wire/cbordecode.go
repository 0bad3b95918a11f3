package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// What a CBOR message may hold: the bytes that come in bound none of it, since a byte can be a whole list.
const maxTokens = 1 << 20

// CBOR's major types (RFC 8949, section 3.1) and the arguments of an initial byte.
const (
	cborUint   = 0
	cborNegInt = 1
	cborBytes  = 2
	cborText   = 3
	cborList   = 4
	cborMap    = 5
	cborTag    = 6
	cborSimple = 7

	cborBreak      = 0xff
	cborIndefinite = 31
	cborEpoch      = 1 // the tag of seconds since 1970
)

var errCutOff = errors.New("the message is cut off")

// cborReader tells a CBOR message as tokens. It makes nothing larger than what it reads.
type cborReader struct {
	b    []byte // what is left
	open []cborOpen
	told int
}

// cborOpen is a list or map whose end has not come.
type cborOpen struct {
	left    int // items, and keys, to come; negative: until a break
	closing json.Delim
	value   bool // in a map: a key was read, its value comes
}

// decodeCBOR fills an input structure from a request body; an empty body is an empty input.
func (c *codec) decodeCBOR(body []byte, v reflect.Value) error {
	if len(body) == 0 {
		return nil
	}
	return c.decodeTokens(&cborReader{b: body}, v)
}

// More says whether the open list or map goes on. One that is cut off does: its next token is the error.
func (r *cborReader) More() bool {
	if len(r.open) == 0 {
		return len(r.b) > 0
	}
	if left := r.open[len(r.open)-1].left; left >= 0 {
		return left > 0
	}
	return len(r.b) == 0 || r.b[0] != cborBreak
}

// Token reads the next token; io.EOF after the message.
func (r *cborReader) Token() (json.Token, error) {
	if r.told++; r.told > maxTokens {
		return nil, errors.New("the message has too many values")
	}
	if len(r.open) == 0 && len(r.b) == 0 {
		return nil, io.EOF
	}
	if !r.More() {
		return r.close(), nil
	}
	key := r.count()
	token, err := r.value()
	if err != nil {
		return nil, err
	}
	if _, isText := token.(string); key && !isText {
		return nil, errors.New("a map has a key that is no text")
	}
	return token, nil
}

// close ends the innermost list or map.
func (r *cborReader) close() json.Delim {
	last := r.open[len(r.open)-1]
	if last.left < 0 {
		r.b = r.b[1:]
	}
	r.open = r.open[:len(r.open)-1]
	return last.closing
}

// count enters the next item into the list or map around it, and says whether it is a key.
func (r *cborReader) count() bool {
	if len(r.open) == 0 {
		return false
	}
	around := &r.open[len(r.open)-1]
	if around.left > 0 {
		around.left--
	}
	if around.closing != '}' {
		return false
	}
	around.value = !around.value
	return around.value
}

// value reads an item, or the opening of one.
func (r *cborReader) value() (json.Token, error) {
	major, small, n, err := r.head()
	if err != nil {
		return nil, err
	}
	switch major {
	case cborUint:
		return json.Number(strconv.FormatUint(n, 10)), nil
	case cborNegInt:
		if n > math.MaxInt64 {
			return nil, errors.New("a number is too small")
		}
		return json.Number(strconv.FormatInt(-1-int64(n), 10)), nil
	case cborBytes:
		b, err := r.text(major, small, n)
		return rawBytes(b), err
	case cborText:
		b, err := r.text(major, small, n)
		if err == nil && !utf8.Valid(b) {
			err = errors.New("a text is not UTF-8")
		}
		return string(b), err
	case cborList, cborMap:
		return r.enter(major, small, n)
	case cborTag:
		return r.time(n)
	default:
		return simple(small, n)
	}
}

// head reads an initial byte and its argument; small is the argument's short form.
func (r *cborReader) head() (major, small byte, n uint64, err error) {
	if len(r.b) == 0 {
		return 0, 0, 0, errCutOff
	}
	major, small = r.b[0]>>5, r.b[0]&31
	r.b = r.b[1:]
	if small < 24 {
		return major, small, uint64(small), nil
	}
	if small == cborIndefinite {
		if major < cborBytes || major >= cborTag {
			return 0, 0, 0, errors.New("a break or a length is out of place")
		}
		return major, small, 0, nil
	}
	if small > 27 {
		return 0, 0, 0, errors.New("an initial byte is not of CBOR")
	}
	size := 1 << (small - 24)
	if len(r.b) < size {
		return 0, 0, 0, errCutOff
	}
	for _, b := range r.b[:size] {
		n = n<<8 | uint64(b)
	}
	r.b = r.b[size:]
	return major, small, n, nil
}

// text reads the bytes of a string; one of indefinite length comes in chunks.
func (r *cborReader) text(major, small byte, n uint64) ([]byte, error) {
	if small != cborIndefinite {
		if n > uint64(len(r.b)) {
			return nil, errCutOff
		}
		b := r.b[:n:n]
		r.b = r.b[n:]
		return b, nil
	}
	var all []byte
	for len(r.b) > 0 && r.b[0] != cborBreak {
		m, small, n, err := r.head()
		if err != nil {
			return nil, err
		}
		if m != major || small == cborIndefinite {
			return nil, errors.New("a string has a chunk that is none")
		}
		chunk, err := r.text(m, small, n)
		if err != nil {
			return nil, err
		}
		all = append(all, chunk...)
	}
	if len(r.b) == 0 {
		return nil, errCutOff
	}
	r.b = r.b[1:]
	return all, nil
}

// enter opens a list or map. Its items take at least a byte each, so a length beyond the message is a lie.
func (r *cborReader) enter(major, small byte, n uint64) (json.Token, error) {
	if len(r.open) >= maxDepth {
		return nil, errors.New("nested too deeply")
	}
	opening, item := cborOpen{closing: ']'}, uint64(1)
	if major == cborMap {
		opening, item = cborOpen{closing: '}'}, 2
	}
	if n > uint64(len(r.b))/item {
		return nil, errCutOff
	}
	opening.left = int(n * item)
	if small == cborIndefinite {
		opening.left = -1
	}
	r.open = append(r.open, opening)
	if major == cborMap {
		return json.Delim('{'), nil
	}
	return json.Delim('['), nil
}

// time reads what follows a tag: only times have one here.
func (r *cborReader) time(tag uint64) (json.Token, error) {
	if tag != cborEpoch {
		return nil, fmt.Errorf("the tag %d is not known", tag)
	}
	if len(r.b) == 0 {
		return nil, errCutOff
	}
	if major := r.b[0] >> 5; major != cborUint && major != cborNegInt && major != cborSimple {
		return nil, errors.New("a time is no number")
	}
	token, err := r.value()
	if n, ok := token.(json.Number); err != nil || !ok || n == "NaN" {
		return nil, errors.Join(err, errors.New("a time is no number"))
	}
	return token, nil
}

// simple is false, true, null, or a floating-point number.
func simple(small byte, n uint64) (json.Token, error) {
	const no, yes, null, undefined, half, single, double = 20, 21, 22, 23, 25, 26, 27
	switch small {
	case no, yes:
		return small == yes, nil
	case null, undefined:
		return nil, nil
	case half:
		return number(halfFloat(uint16(n))), nil
	case single:
		return number(float64(math.Float32frombits(uint32(n)))), nil
	case double:
		return number(math.Float64frombits(n)), nil
	}
	return nil, fmt.Errorf("the simple value %d is not known", n)
}

// number is a floating-point number as text.
func number(f float64) json.Number {
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// halfFloat widens a half-precision number (RFC 8949, appendix D).
func halfFloat(h uint16) float64 {
	exponent, mantissa := int(h>>10&31), float64(h&1023)
	var f float64
	switch exponent {
	case 0:
		f = math.Ldexp(mantissa, -24)
	case 31:
		f = math.Inf(1)
		if mantissa != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(mantissa+1024, exponent-25)
	}
	if h&0x8000 != 0 {
		return -f
	}
	return f
}
