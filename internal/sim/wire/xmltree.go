package wire

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
)

// parseXML turns a document into the tree of its root element. Namespaces and attributes are left out: no request that S3
// takes here needs them.
func parseXML(body []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	top := &node{}
	open, texts := []*node{top}, make([][]byte, 1)
	var root *node
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		here := open[len(open)-1]
		switch x := token.(type) {
		case xml.StartElement:
			if len(open) > maxDepth {
				return nil, errors.New("nested too deeply")
			}
			kid := here.next(x.Name.Local)
			root = cmp.Or(root, kid)
			open, texts = append(open, kid), append(texts, nil)
		case xml.EndElement:
			here.text = string(texts[len(texts)-1])
			open, texts = open[:len(open)-1], texts[:len(texts)-1]
		case xml.CharData:
			texts[len(texts)-1] = append(texts[len(texts)-1], x...)
		}
	}
	if root == nil {
		return nil, errors.New("there is no element")
	}
	return root, nil
}
