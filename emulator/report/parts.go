package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Append adds the covered items of the report to the file NAME.jsonl of a folder, as a
// line, for [Report.MergeFile]. Several processes can add to one file. The folder is
// created if it is missing.
func (r *Report) Append(dir, name string) error {
	part := r.Covered()
	line, err := json.Marshal(part)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, name+".jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	_, err = file.Write(append(line, '\n')) // one write, so that lines of other processes do not mix
	return errors.Join(err, file.Close())
}

// MergeFile adds the reports in a file, one JSON document after the other, or in all files
// *.jsonl of a folder. The error names the file; a folder without such files is one.
func (r *Report) MergeFile(path string) error {
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.jsonl")); err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("%s: no file *.jsonl; tests write them with VOXEMU_REPORT", path)
		}
	}
	for _, name := range files {
		if err := r.mergeStream(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (r *Report) mergeStream(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	documents := json.NewDecoder(file)
	documents.DisallowUnknownFields()
	for {
		var part Report
		switch err := documents.Decode(&part); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("want reports of voxemu in JSON: %w", err)
		}
		if err := r.Merge(part); err != nil {
			return err
		}
	}
}
