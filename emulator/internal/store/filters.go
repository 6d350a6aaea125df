package store

// Filters returns the indexes that x-filter can name, including the id, by table, with
// the OpenAPI type of their values.
func Filters() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, k := range Kinds() {
		if filters := k.filters(); len(filters) > 1 { // more than the id
			all[k.Name()] = filters
		}
	}
	return all
}

func (t *table[K, R]) filters() map[string]string {
	filters := map[string]string{"id": "integer"}
	for _, x := range t.indexes {
		filters[x.name] = x.element
	}
	return filters
}
